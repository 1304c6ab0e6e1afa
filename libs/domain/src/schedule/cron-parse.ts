import { bitsOf, sixtyOf } from './bit-set.ts';
import type { CalendarFields, DaysOfMonth, DaysOfWeek } from './calendar-fields.ts';
import { checkPlainItem, itemRefusal, numberOf, type CronFieldName } from './cron-refusal.ts';
import { plainNumbers } from './plain-fields.ts';
import { ScheduleRefusal, shown } from './schedule-refusal.ts';

/**
 * Text to fields: what counts as an expression, what is refused, and the flags that decide how days are joined and
 * how changes of the clock are taken. Those flags look at the first character of a field only, as cron does.
 */
export type CronParse =
  { readonly ok: true; readonly fields: CalendarFields } | { readonly ok: false; readonly problem: string };

/** Cron's shorthands. All but @hourly count as fixed, as in cron's own table. */
const MACROS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** Every day, hour and minute written out fits; at most a hundred items keep the work of a hostile text small. */
const LONGEST_EXPRESSION = 200;

/**
 * Many jobs are written alike: those share their fields, which saves the parsing (24 µs) and keeps what a search reads
 * in the processor's cache (with 14,000 schedules in memory that halves its time). More texts than this are forgotten
 * together.
 */
const TEXTS_REMEMBERED = 4_096;
const fieldsByText = new Map<string, CalendarFields>();

/** Parses five fields, six with seconds first, or a macro. The problem is a sentence that says what to write. */
export function parseCron(expression: string): CronParse {
  const known = fieldsByText.get(expression);
  if (known !== undefined) return { ok: true, fields: known };
  try {
    const fields = fieldsOf(wordsOf(expression));
    if (fieldsByText.size >= TEXTS_REMEMBERED) fieldsByText.clear();
    fieldsByText.set(expression, fields);
    return { ok: true, fields };
  } catch (error) {
    if (error instanceof ScheduleRefusal) return { ok: false, problem: error.message };
    throw error;
  }
}

type Words = Readonly<Record<CronFieldName, string>>;

function wordsOf(expression: string): Words {
  if (expression.length > LONGEST_EXPRESSION) {
    throw new ScheduleRefusal(
      `A cron expression has at most ${LONGEST_EXPRESSION} characters; write it shorter with ranges and steps.`,
    );
  }
  const words = expandMacro(expression.trim()).split(/[ \t]+/);
  if (words.length === 5) words.unshift('0');
  const [second, minute, hour, day, month, weekday, ...more] = words;
  if (
    second === undefined ||
    minute === undefined ||
    hour === undefined ||
    day === undefined ||
    month === undefined ||
    weekday === undefined ||
    more.length > 0
  ) {
    throw wrongCount(words[0] === '' ? 0 : words.length);
  }
  return { second, minute, hour, 'day-of-month': day, month, 'day-of-week': weekday };
}

function expandMacro(expression: string): string {
  if (!expression.startsWith('@')) return expression;
  const macro = MACROS[expression.toLowerCase()];
  if (macro !== undefined) return macro;
  throw new ScheduleRefusal(
    `"${shown(expression)}" is not a schedule that can be watched; write one of ${Object.keys(MACROS).join(', ')}, or five fields.`,
  );
}

function wrongCount(count: number): ScheduleRefusal {
  return new ScheduleRefusal(
    `A cron expression has five fields (minute hour day-of-month month day-of-week) or six with seconds first, but this has ${count}; write for example "0 4 * * *".`,
  );
}

function fieldsOf(words: Words): CalendarFields {
  // In the order of the text, so that the leftmost fault is the one that is told.
  const second = sorted('second', words);
  const minute = sorted('minute', words);
  const hour = sorted('hour', words);
  const day = sorted('day-of-month', words);
  const month = sorted('month', words);
  const weekday = sorted('day-of-week', words);
  const numbers = plainNumbers({
    second: second.plain,
    minute: minute.plain,
    hour: hour.plain,
    'day-of-month': day.plain,
    month: month.plain,
    'day-of-week': weekday.plain,
  });
  return {
    seconds: sixtyOf(numbers.second),
    minutes: sixtyOf(numbers.minute),
    hours: bitsOf(numbers.hour),
    days: daysOfMonth(day.special, numbers['day-of-month']),
    months: bitsOf(numbers.month),
    weekdays: daysOfWeek(weekday.special, numbers['day-of-week']),
    bothDays: words['day-of-month'].startsWith('*') || words['day-of-week'].startsWith('*'),
    years: null,
    atClockChange: words.minute.startsWith('*') || words.hour.startsWith('*') ? 'follow' : 'catchUp',
  };
}

const SPECIAL: Partial<Readonly<Record<CronFieldName, RegExp>>> = {
  'day-of-month': /^(?:l|lw|\d{1,2}w)$/i,
  'day-of-week': /^(?:[0-7]|sun|mon|tue|wed|thu|fri|sat)(?:l|#\d+)$/i,
};

/** The different items of a field's list: those that only the calendar of a month decides, and plain ones, checked. */
function sorted(field: CronFieldName, words: Words): { plain: string[]; special: string[] } {
  const items = [...new Set(words[field].split(','))];
  const special = items.filter((item) => SPECIAL[field]?.test(item));
  const plain = items.filter((item) => !special.includes(item));
  for (const item of plain) checkPlainItem(field, item);
  return { plain, special };
}

function daysOfMonth(special: readonly string[], plain: readonly number[]): DaysOfMonth {
  const nearestWorkday = special
    .filter((item) => /\d/.test(item))
    .map((item) => {
      const day = Number.parseInt(item, 10);
      if (day < 1 || day > 31) throw itemRefusal('day-of-month', item, 'is out of range');
      return day;
    });
  return {
    plain: bitsOf(plain.map((day) => day - 1)),
    fromEnd: 0,
    last: special.some((item) => item.toLowerCase() === 'l'),
    lastWorkday: special.some((item) => item.toLowerCase() === 'lw'),
    nearestWorkday,
  };
}

function daysOfWeek(special: readonly string[], plain: readonly number[]): DaysOfWeek {
  const last: number[] = [];
  const nth: { weekday: number; nth: number }[] = [];
  for (const item of special) {
    const [day = '', place] = item.split('#');
    // `5L` and `FRIL` name their day before the L.
    const weekday = numberOf('day-of-week', place === undefined ? day.slice(0, -1) : day) % 7;
    if (place === undefined) {
      last.push(weekday);
      continue;
    }
    if (Number(place) < 1 || Number(place) > 5) {
      throw new ScheduleRefusal(
        `The day-of-week field "${shown(item)}" names a week that no month has; write #1 to #5, or L for the last.`,
      );
    }
    nth.push({ weekday, nth: Number(place) });
  }
  return { plain: bitsOf(plain.map((weekday) => weekday % 7)), last, nth };
}
