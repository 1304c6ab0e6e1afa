import { bitsOf, sixtyOf } from './bit-set.ts';
import type { CalendarFields } from './calendar-fields.ts';
import { numbersFromEnd, numbersOfComponent, PARTS } from './oncalendar-component.ts';
import { ScheduleRefusal, shown } from './schedule-refusal.ts';
import { weekdayBits } from './weekday-list.ts';

/**
 * Text to fields for systemd's calendar events: `Mon..Fri *-*-1..7 06:00:00 Europe/Berlin`. Weekdays, date, time and
 * zone may each be left out, but not all of the first three; a date alone means midnight.
 */
export type OnCalendarParse =
  | {
      readonly ok: true;
      readonly fields: CalendarFields;
      /** The zone at the end of the expression: it goes before the schedule's. */
      readonly zone: string | null;
    }
  | { readonly ok: false; readonly problem: string };

const SHORTHANDS: Readonly<Record<string, string>> = {
  minutely: '*-*-* *:*:00',
  hourly: '*-*-* *:00:00',
  daily: '*-*-* 00:00:00',
  weekly: 'Mon *-*-* 00:00:00',
  monthly: '*-*-01 00:00:00',
  quarterly: '*-01,04,07,10-01 00:00:00',
  semiannually: '*-01,07-01 00:00:00',
  'semi-annually': '*-01,07-01 00:00:00',
  biannually: '*-01,07-01 00:00:00',
  'bi-annually': '*-01,07-01 00:00:00',
  yearly: '*-01-01 00:00:00',
  annually: '*-01-01 00:00:00',
  anually: '*-01-01 00:00:00',
};

const SHORTHANDS_TOLD = 'minutely, hourly, daily, weekly, monthly, quarterly, semiannually or yearly';

const EXAMPLE = 'for example "Mon..Fri *-*-* 06:00:00"';

/** Lists that name every weekday, day, hour and minute fit. */
const LONGEST_EXPRESSION = 200;

/** Parses one expression. The problem is a sentence that says what to write. */
export function parseOnCalendar(expression: string): OnCalendarParse {
  try {
    return { ok: true, ...parsed(expression) };
  } catch (error) {
    if (error instanceof ScheduleRefusal) return { ok: false, problem: error.message };
    throw error;
  }
}

function parsed(expression: string): { fields: CalendarFields; zone: string | null } {
  if (expression.length > LONGEST_EXPRESSION) {
    throw new ScheduleRefusal(
      `An OnCalendar expression has at most ${LONGEST_EXPRESSION} characters; write it shorter with ranges and steps.`,
    );
  }
  const text = expression.trim();
  if (text === '') throw new ScheduleRefusal(`An OnCalendar expression is needed; write ${EXAMPLE}.`);
  if (/[^\u0020-\u007e\t]/.test(text)) {
    throw new ScheduleRefusal(
      `"${shown(text)}" has characters that no OnCalendar expression has; write it in plain letters and the digits 0 to 9, ${EXAMPLE}.`,
    );
  }
  const words = text.split(/[ \t]+/);
  refuseCron(words, text);
  const zone = zoneAtEnd(words);
  return { fields: fieldsOf(zone === null ? words : words.slice(0, -1), text), zone };
}

/** A last word that begins with a letter and can be no weekday is a zone, known or not. */
function zoneAtEnd(words: readonly string[]): string | null {
  const last = words.at(-1) ?? '';
  if (words.length < 2 || !/^[a-z]/i.test(last) || /^(?:sun|mon|tue|wed|thu|fri|sat)/i.test(last))
    return null;
  return last.toLowerCase() === 'utc' ? 'UTC' : last;
}

function fieldsOf(words: readonly string[], text: string): CalendarFields {
  const [only = ''] = words;
  if (words.length === 1) {
    const spelled = Object.hasOwn(SHORTHANDS, only.toLowerCase())
      ? SHORTHANDS[only.toLowerCase()]
      : undefined;
    if (spelled !== undefined) return fieldsOf(spelled.split(' '), spelled);
  }
  const rest = [...words];
  const weekdays = /^[a-z]/i.test(only) ? weekdaysOf(rest.shift() ?? '') : null;
  const date = rest[0] !== undefined && !rest[0].includes(':') ? dateParts(rest.shift() ?? '') : null;
  const time = rest.shift();
  if (rest.length > 0) throw misunderstood(text);
  return { ...timeFields(time ?? '00:00:00'), ...dateFields(date, weekdays), atClockChange: 'skip' };
}

function misunderstood(text: string): ScheduleRefusal {
  return new ScheduleRefusal(
    `"${shown(text)}" is not weekdays, a date, a time and a zone in this order; write ${EXAMPLE}.`,
  );
}

/** Three and more words without a time among them are what people write who mean cron. */
function refuseCron(words: readonly string[], text: string): void {
  if (text.startsWith('@')) {
    throw new ScheduleRefusal(
      `"${shown(text)}" is no OnCalendar expression; write one of ${SHORTHANDS_TOLD}, or choose the kind cron for a macro of cron.`,
    );
  }
  if (words.length < 3 || !words.every((word) => /^[\da-z*/,#?-]+$/i.test(word))) return;
  const what =
    words.length === 5 || words.length === 6
      ? '; choose the kind cron for it'
      : ', but a cron expression has five fields (minute hour day-of-month month day-of-week), such as "0 4 * * *"';
  throw new ScheduleRefusal(
    `"${shown(text)}" looks like cron with ${words.length} fields${what}, or write an OnCalendar expression, ${EXAMPLE}.`,
  );
}

function weekdaysOf(word: string): number {
  if (!/^(?:sun|mon|tue|wed|thu|fri|sat)/i.test(word)) {
    throw new ScheduleRefusal(
      `"${shown(word)}" is neither a weekday nor a shorthand; write Mon to Sun, or one of ${SHORTHANDS_TOLD}.`,
    );
  }
  // A comma may stand at the end, as in "Mon, 10:00".
  return weekdayBits(word.endsWith(',') ? word.slice(0, -1) : word);
}

interface DateParts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly isFromEnd: boolean;
}

function dateParts(word: string): DateParts {
  const parts = /^(?:([^-~]+)-)?([^-~]+)([-~])([^-~]+)$/.exec(word);
  if (parts === null) {
    const hint = word.includes('-~') ? ' (the last day of a month is *-*~1)' : '';
    throw new ScheduleRefusal(
      `"${shown(word)}" is not a date or a time; write year-month-day such as *-*-01, month-day such as 12-24, or a time such as 06:00:00${hint}.`,
    );
  }
  const [, year = '*', month = '*', separator, day = '*'] = parts;
  return { year, month, day, isFromEnd: separator === '~' };
}

type DateFields = Pick<CalendarFields, 'years' | 'months' | 'days' | 'weekdays' | 'bothDays'>;

const EVERY_MONTH = 0x1ffe;
const EVERY_DAY = 0x7fff_ffff;
const EVERY_WEEKDAY = 0x7f;

function dateFields(date: DateParts | null, weekdays: number | null): DateFields {
  const years = date === null ? null : numbersOfComponent(PARTS.year, date.year);
  const months = date === null ? null : numbersOfComponent(PARTS.month, date.month);
  const isFromEnd = date?.isFromEnd === true;
  const fromEnd = isFromEnd ? numbersFromEnd(date.day) : null;
  const days = date === null || isFromEnd ? null : numbersOfComponent(PARTS.day, date.day);
  const plain = days === null ? EVERY_DAY : bitsOf(days.map((day) => day - 1));
  return {
    years: years === null ? null : new Set(years),
    months: months === null ? EVERY_MONTH : bitsOf(months),
    days: {
      plain: fromEnd === null ? plain : 0,
      last: false,
      lastWorkday: false,
      fromEnd: fromEnd === null ? 0 : bitsOf(fromEnd.map((day) => day - 1)),
      nearestWorkday: [],
    },
    weekdays: { plain: weekdays ?? EVERY_WEEKDAY, last: [], nth: [] },
    bothDays: true,
  };
}

const UP_TO_59 = Array.from({ length: 60 }, (_, index) => index);

function timeFields(word: string): Pick<CalendarFields, 'hours' | 'minutes' | 'seconds'> {
  const [hour = '', minute, second = '0', ...more] = word.split(':');
  if (minute === undefined || more.length > 0) {
    throw new ScheduleRefusal(
      `"${shown(word)}" is not a time; write hour:minute such as 06:30, or 06:30:00.`,
    );
  }
  return {
    hours: bitsOf(numbersOfComponent(PARTS.hour, hour) ?? UP_TO_59.slice(0, 24)),
    minutes: sixtyOf(numbersOfComponent(PARTS.minute, minute) ?? UP_TO_59),
    seconds: sixtyOf(numbersOfComponent(PARTS.second, second) ?? UP_TO_59),
  };
}
