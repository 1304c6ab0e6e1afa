import type { AtClockChange, CalendarFields } from './calendar-fields.ts';
import { DAY_MS, weekdayOf } from './civil.ts';
import { nextLocal } from './local-search.ts';
import { localDateText, timeOfDayText } from './local-time.ts';
import { lengthWords } from './number-words.ts';
import type { CompiledSchedule } from './schedule-kinds.ts';
import type { ScheduleWarning } from './schedule-warning.ts';
import type { WindowFields } from './window-parse.ts';
import { offsetOfStretch, stretchAt, stretchBeginsAt, type Zone } from './zone.ts';

/** Which expected times of the coming year lie where a clock is changed, and what will happen then. */
const YEAR_MS = 366 * DAY_MS;

/** A schedule of many expressions says no more than this. */
const MOST_WARNINGS = 8;

const EVERY_HOUR = 0xff_ffff;

/** A change of the clock as local times: it went to `toLocalMs` when it would have been `fromLocalMs`. */
interface ClockChange {
  readonly zone: Zone;
  readonly fromLocalMs: number;
  readonly toLocalMs: number;
}

/** The warnings for the year from an instant on. */
export function clockChangeWarnings(compiled: CompiledSchedule, fromAt: number): ScheduleWarning[] {
  const sentences = new Map<string, ScheduleWarning>();
  const add = (warning: ScheduleWarning | null): void => {
    if (warning !== null && sentences.size < MOST_WARNINGS) sentences.set(warning.sentence, warning);
  };
  if (compiled.kind === 'window') {
    for (const change of changesOf(compiled.zone, fromAt)) add(warningOfWindow(compiled.fields, change));
  }
  if (compiled.kind === 'cron' || compiled.kind === 'oncalendar') {
    for (const { fields, zone } of compiled.expressions) {
      for (const change of changesOf(zone, fromAt)) add(warningOfExpression(fields, change));
    }
  }
  return [...sentences.values()];
}

function changesOf(zone: Zone, fromAt: number): ClockChange[] {
  const changes: ClockChange[] = [];
  for (let stretch = stretchAt(zone, fromAt) + 1; ; stretch += 1) {
    const at = stretchBeginsAt(zone, stretch);
    if (at > fromAt + YEAR_MS) return changes;
    changes.push({
      zone,
      fromLocalMs: at + offsetOfStretch(zone, stretch - 1),
      toLocalMs: at + offsetOfStretch(zone, stretch),
    });
  }
}

function introduction({ zone, fromLocalMs, toLocalMs }: ClockChange): string {
  const way = toLocalMs > fromLocalMs ? 'forward' : 'back';
  return `On ${localDateText(fromLocalMs)} the clock in ${zone.name} goes ${way} from ${timeOfDayText(fromLocalMs)} to ${timeOfDayText(toLocalMs)}`;
}

const IN_GAP: Readonly<Record<AtClockChange, string>> = {
  follow: 'it is not expected then, because minute or hour is written with a star',
  catchUp: 'it is expected once, right after the change',
  skip: 'it is not expected at that time',
};

const IN_OVERLAP: Readonly<Record<AtClockChange, string>> = {
  follow: 'it is expected both times, because minute or hour is written with a star',
  catchUp: 'it is expected the first time only',
  skip: 'it is expected the first time only',
};

function warningOfExpression(fields: CalendarFields, change: ClockChange): ScheduleWarning | null {
  const { fromLocalMs, toLocalMs } = change;
  const isGap = toLocalMs > fromLocalMs;
  const isEveryHour = fields.hours === EVERY_HOUR;
  // What comes in every hour goes on through a gap, and through an overlap if it follows real time: no surprise.
  if (isEveryHour && (isGap || fields.atClockChange === 'follow')) return null;
  const begin = Math.min(fromLocalMs, toLocalMs);
  const end = Math.max(fromLocalMs, toLocalMs);
  const first = nextLocal(fields, begin / 1_000);
  if (first === null || first * 1_000 >= end) return null;
  const time = timeOfDayText(first * 1_000);
  if (isGap) {
    const sentence = `${introduction(change)}: ${time} does not exist; ${IN_GAP[fields.atClockChange]}.`;
    return { code: 'clock_gap', sentence };
  }
  const hole = isEveryHour ? `, and nothing for ${lengthWords(end - begin)} after that` : '';
  const sentence = `${introduction(change)}: ${time} comes twice; ${IN_OVERLAP[fields.atClockChange]}${hole}.`;
  return { code: 'clock_overlap', sentence };
}

const MINUTE_MS = 60_000;

function warningOfWindow(fields: WindowFields, change: ClockChange): ScheduleWarning | null {
  const { fromLocalMs, toLocalMs } = change;
  const begin = Math.min(fromLocalMs, toLocalMs);
  const end = Math.max(fromLocalMs, toLocalMs);
  const isGap = toLocalMs > fromLocalMs;
  // What opens the day before may close within the change.
  for (let day = Math.floor(begin / DAY_MS) - 1; day <= Math.floor(end / DAY_MS); day += 1) {
    if ((fields.weekdays & (1 << weekdayOf(day))) === 0) continue;
    const opens = day * DAY_MS + fields.opensMinute * MINUTE_MS;
    const closes = day * DAY_MS + fields.closesMinute * MINUTE_MS;
    const opensWithin = opens >= begin && opens < end;
    const closesWithin = closes >= begin && closes < end;
    if (!opensWithin && !closesWithin) continue;
    const what = isGap
      ? gapSentence(change, opensWithin, closesWithin)
      : overlapSentence(opensWithin, closesWithin);
    return { code: isGap ? 'clock_gap' : 'clock_overlap', sentence: `${introduction(change)}: ${what}.` };
  }
  return null;
}

function gapSentence({ toLocalMs }: ClockChange, opensWithin: boolean, closesWithin: boolean): string {
  if (opensWithin && closesWithin) return 'the window does not exist, nothing is expected in it';
  return `the window ${opensWithin ? 'opens' : 'closes'} at ${timeOfDayText(toLocalMs)}, right after the change`;
}

function overlapSentence(opensWithin: boolean, closesWithin: boolean): string {
  if (opensWithin && closesWithin) return 'the window opens the first time and closes the second time';
  return opensWithin
    ? 'the window opens the first of two times'
    : 'the window closes the second of two times';
}
