import { ScheduleRefusal, shown } from './schedule-refusal.ts';

/** The fields of a cron expression of six, in their order. */
export const CRON_FIELD_NAMES = ['second', 'minute', 'hour', 'day-of-month', 'month', 'day-of-week'] as const;

/** One of the six fields. */
export type CronFieldName = (typeof CRON_FIELD_NAMES)[number];

/** What a field takes: its numbers, its largest step, its names from the least number on, and the words for a refusal. */
export interface CronFieldLimits {
  readonly least: number;
  readonly most: number;
  readonly largestStep: number;
  readonly names: readonly string[];
  readonly hint: string;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const UP_TO_59 = { least: 0, most: 59, largestStep: 60, names: [], hint: 'numbers from 0 to 59' };

/** Steps may be as long as the field (every 60 minutes is every hour): longer ones never do what they say. */
export const CRON_FIELD_LIMITS: Readonly<Record<CronFieldName, CronFieldLimits>> = {
  second: UP_TO_59,
  minute: UP_TO_59,
  hour: { least: 0, most: 23, largestStep: 24, names: [], hint: 'numbers from 0 to 23' },
  'day-of-month': {
    least: 1,
    most: 31,
    largestStep: 31,
    names: [],
    hint: 'numbers from 1 to 31, L, LW or 15W',
  },
  month: { least: 1, most: 12, largestStep: 12, names: MONTHS, hint: 'numbers from 1 to 12 or JAN to DEC' },
  'day-of-week': {
    least: 0,
    most: 7,
    largestStep: 7,
    names: WEEKDAYS,
    hint: 'numbers from 0 to 7, SUN to SAT, 5L or MON#1',
  },
};

/** The refusal of one item of a field: what is wrong with it, and what may stand there. */
export function itemRefusal(field: CronFieldName, item: string, what: string): ScheduleRefusal {
  const { hint } = CRON_FIELD_LIMITS[field];
  return new ScheduleRefusal(
    `The ${field} field "${shown(item)}" ${what}; write ${hint}, a list (1,15), a range (1-5) or a step (*/10).`,
  );
}

const PLAIN_ITEM = /^(?:\*|(\d+|[a-z]{3})(?:-(\d+|[a-z]{3}))?)(?:\/(\d+))?$/i;

/** Refuses what is no plain item (`*`, `5`, `1-5`, `MON`, each with a step or not) of its field. */
export function checkPlainItem(field: CronFieldName, item: string): void {
  const parts = PLAIN_ITEM.exec(item);
  if (parts === null) throw misunderstood(field, item);
  const [, from, to, step] = parts;
  const { largestStep } = CRON_FIELD_LIMITS[field];
  if (step !== undefined && (Number(step) === 0 || Number(step) > largestStep)) {
    throw itemRefusal(field, item, `has a step of ${shown(step)}, but a step is from 1 to ${largestStep}`);
  }
  if (from !== undefined) checkRange(field, item, [from, to ?? from]);
}

function checkRange(field: CronFieldName, item: string, [from, to]: readonly [string, string]): void {
  const { least, most } = CRON_FIELD_LIMITS[field];
  const first = numberOf(field, from);
  const last = numberOf(field, to);
  if (Number.isNaN(first) || Number.isNaN(last)) throw itemRefusal(field, item, 'is not understood');
  const isWithin = Math.min(first, last) >= least && Math.max(first, last) <= most;
  if (first > last) throw isWithin ? reversed(field, from, to) : reversedAndOut(field, item);
  if (!isWithin) throw itemRefusal(field, item, 'is out of range');
}

function misunderstood(field: CronFieldName, item: string): ScheduleRefusal {
  if (item === '') return itemRefusal(field, item, 'has an empty place in its list');
  if (item === '?')
    return new ScheduleRefusal(`The ${field} field "?" is not understood; write * for any value.`);
  return itemRefusal(field, item, 'is not understood');
}

/** The number that a number or a name of this field stands for; NaN for a name of no or another field. */
export function numberOf(field: CronFieldName, text: string): number {
  const { least, names } = CRON_FIELD_LIMITS[field];
  const place = names.indexOf(text.toLowerCase());
  return place >= 0 ? least + place : Number(text);
}

function reversedAndOut(field: CronFieldName, item: string): ScheduleRefusal {
  return itemRefusal(
    field,
    item,
    'is out of range and goes from more to less (write two ranges to go round the end)',
  );
}

function reversed(field: CronFieldName, from: string, to: string): ScheduleRefusal {
  const { least, most, names } = CRON_FIELD_LIMITS[field];
  const isNamed = Number.isNaN(Number(from)) && names.length > 0;
  const end = isNamed ? names.at(-1)?.toUpperCase() : field === 'day-of-week' ? most - 1 : most;
  const begin = isNamed ? names[0]?.toUpperCase() : least;
  return new ScheduleRefusal(
    `The ${field} field "${from}-${to}" is not a range from less to more; to go round the end, write two ranges: "${from}-${end},${begin}-${to}".`,
  );
}
