import { assert, unreachable } from '../assert.ts';
import { calendarWords, weekdaySetWords } from './calendar-words.ts';
import { clockChangeWarnings } from './clock-change-warnings.ts';
import { lengthWords, padded } from './number-words.ts';
import type { CompiledSchedule, CompiledWindow, Schedule } from './schedule-kinds.ts';
import { compileSchedule } from './schedule.ts';
import type { ScheduleWarning } from './schedule-warning.ts';
import { defaultGrace, shortestGap } from './shortest-gap.ts';
import { slotsAfter } from './slot-walk.ts';
import { textWarnings } from './text-warnings.ts';

/** What a person wants to see of a schedule before relying on it. */
export interface ScheduleDescription {
  /** Plain English: "At 02:30, Monday to Friday, in Europe/Berlin". */
  readonly words: string;
  /** The next five slots. */
  readonly nextAt: readonly number[];
  readonly warnings: readonly ScheduleWarning[];
  readonly defaultGraceMs: number;
}

/** From when on it is looked at, and with which grace; without one the default is taken. */
export interface DescriptionOptions {
  readonly fromAt: number;
  readonly graceMs?: number | undefined;
  readonly zoneVersion?: string | undefined;
}

const SLOTS_SHOWN = 5;
const EVERY_WEEKDAY = 0x7f;

/** Describes a schedule that was found good: one that `compileSchedule` refuses is a bug of the caller. */
export function describeSchedule(
  schedule: Schedule,
  { fromAt, graceMs, zoneVersion }: DescriptionOptions,
): ScheduleDescription {
  const result = compileSchedule(schedule, zoneVersion);
  assert(result.ok, 'only a schedule that compiles can be described');
  const { compiled } = result;
  const nextAt = slotsAfter(compiled, fromAt, SLOTS_SHOWN);
  const gapMs = shortestGap(compiled, fromAt);
  const defaultGraceMs = defaultGrace(compiled, gapMs);
  const warnings = [
    ...slotWarnings(compiled, nextAt),
    ...graceWarnings(compiled, graceMs ?? defaultGraceMs, gapMs),
    ...textWarnings(schedule, compiled),
    ...clockChangeWarnings(compiled, fromAt),
  ];
  return { words: wordsOf(compiled), nextAt, warnings, defaultGraceMs };
}

function wordsOf(compiled: CompiledSchedule): string {
  switch (compiled.kind) {
    case 'interval':
      return `Every ${lengthWords(compiled.periodMs).replace(/^1 (day|hour|minute|second)$/, '$1')}`;
    case 'cron':
    case 'oncalendar':
      return compiled.expressions
        .map(({ fields, zone }) => `${calendarWords(fields)}, in ${zone.name}`)
        .join('; ');
    case 'window':
      return windowWords(compiled);
    case 'none':
      return 'At no set time: only runs that were started are watched';
    default:
      return unreachable(compiled);
  }
}

const DAY_MINUTES = 1_440;

function windowWords({ fields, zone }: CompiledWindow): string {
  const { weekdays, opensMinute, closesMinute } = fields;
  const closes = closesMinute === DAY_MINUTES ? '24:00' : timeText(closesMinute % DAY_MINUTES);
  const nextDay = closesMinute > DAY_MINUTES ? ' of the next day' : '';
  const days = weekdays === EVERY_WEEKDAY ? 'every day' : weekdaySetWords(weekdays);
  return `Between ${timeText(opensMinute)} and ${closes}${nextDay}, ${days}, in ${zone.name}`;
}

function timeText(minute: number): string {
  return `${padded(Math.floor(minute / 60))}:${padded(minute % 60)}`;
}

function slotWarnings({ kind }: CompiledSchedule, nextAt: readonly number[]): ScheduleWarning[] {
  if (kind === 'none' || nextAt.length > 0) return [];
  const sentence = 'All the dates that it names have passed: nothing will ever be expected.';
  return [{ code: 'no_more_slots', sentence }];
}

function graceWarnings({ kind }: CompiledSchedule, graceMs: number, gapMs: number | null): ScheduleWarning[] {
  if (kind === 'none') return [];
  if (graceMs <= 0) {
    const sentence =
      'A grace of 0 makes the check late at once: a job that starts a second late or takes a while is told as missed.';
    return [{ code: 'grace_zero', sentence }];
  }
  if (gapMs === null || graceMs <= gapMs) return [];
  const sentence = `The grace of ${lengthWords(graceMs)} is longer than the ${lengthWords(gapMs)} to the next expected time: a report that is missing may be covered by the one after it.`;
  return [{ code: 'grace_longer_than_period', sentence }];
}
