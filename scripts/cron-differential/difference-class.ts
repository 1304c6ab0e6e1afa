import { offsetOfStretch, stretchAt, stretchBeginsAt } from '../../libs/domain/src/schedule/zone.ts';
import type { RandomCase } from './random-case.ts';

/** An answer of cronsim that is not the engine's, and who is right by the rule. */
export interface Difference {
  readonly expression: string;
  readonly zone: string;
  readonly direction: 'next' | 'previous';
  readonly at: string;
  readonly ours: string;
  readonly theirs: string;
  readonly right: 'ours' | 'theirs' | 'neither';
  readonly class: string;
}

/** Before it the table of zones knows one offset only, so that neither engine nor oracle can say what was. */
const TABLE_BEGIN = Date.UTC(2007, 0, 1) / 1_000;

/** A name for the kind of a difference, by what can be seen from outside. */
export function classOf(asked: RandomCase, ours: number | null, theirs: number | string | null): string {
  const { job, direction } = asked;
  const words = job.text.split(' ');
  if (typeof theirs === 'string') return refusalClass(job.text);
  if (theirs !== null && Math.min(ours ?? 0, theirs) < TABLE_BEGIN) return 'before 2007';
  if (words.some((word) => word.split(',').some(isOneNumberWithStep)))
    return 'range of one number with a step';
  const isForwards = direction === 'next';
  if (job.isFixed && words.length === 5)
    return `${direction}: fixed, ${isInSecondPass(asked) ? 'asked in the second pass' : 'otherwise'}`;
  const kind = job.isFixed ? 'fixed with seconds' : 'wildcard';
  if (theirs === null || ours === null) return `${direction}: ${kind}, found by one only`;
  const isMissed = isForwards ? theirs > ours : theirs < ours;
  return `${direction}: ${kind}, ${isMissed ? 'one missed' : 'one too many'}`;
}

function refusalClass(text: string): string {
  if (/\b\d+W\b/.test(text)) return 'refused: nearest workday';
  if (/[a-z]{3}L\b/i.test(text)) return 'refused: name with L';
  return 'refused: day in no month, or a weekday';
}

const NAMES = /^(?:sun|mon|tue|wed|thu|fri|sat)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)$/i;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `5-5/2` in any spelling. */
function isOneNumberWithStep(item: string): boolean {
  const [, from = '', to = ''] = /^(\w+)-(\w+)\/\d+$/.exec(item) ?? [];
  return from !== '' && numberOf(from) === numberOf(to);
}

function numberOf(text: string): number {
  if (!NAMES.test(text)) return Number(text);
  const name = text.toLowerCase();
  return Math.max(WEEKDAYS.indexOf(name), MONTHS.indexOf(name));
}

function isInSecondPass({ zone, at }: RandomCase): boolean {
  const stretch = stretchAt(zone, at * 1_000);
  if (stretch === 0) return false;
  const repeatedMs = offsetOfStretch(zone, stretch - 1) - offsetOfStretch(zone, stretch);
  return at * 1_000 - stretchBeginsAt(zone, stretch) < repeatedMs;
}
