import { CronExpressionParser } from 'cron-parser';

/** A parsed cron expression. Lists are ascending; `wildcard` is Debian's: minute or hour begins with a star. */
export interface CronFields {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly DayRule[];
  readonly months: readonly number[];
  readonly weekdays: readonly WeekdayRule[];
  /** Both day fields must match when either begins with a star; else one of them is enough. */
  readonly daysAnd: boolean;
  readonly wildcard: boolean;
}

export type DayRule =
  | { readonly kind: 'day'; readonly day: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'last_weekday' }
  | { readonly kind: 'nearest_weekday'; readonly day: number };

export type WeekdayRule =
  | { readonly kind: 'weekday'; readonly weekday: number }
  | { readonly kind: 'nth'; readonly weekday: number; readonly nth: number }
  | { readonly kind: 'last'; readonly weekday: number };

export type CronParse =
  { readonly ok: true; readonly fields: CronFields } | { readonly ok: false; readonly problem: string };

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

const LONGEST_EXPRESSION = 200;

type FieldName = 'second' | 'minute' | 'hour' | 'day-of-month' | 'month' | 'day-of-week';

/** Where a field stands in an expression of six, what the library calls it, and what may be written there. */
const FIELDS: Readonly<Record<FieldName, { place: number; hint: string; max: number }>> = {
  second: { place: 0, hint: 'numbers from 0 to 59', max: 60 },
  minute: { place: 1, hint: 'numbers from 0 to 59', max: 60 },
  hour: { place: 2, hint: 'numbers from 0 to 23', max: 24 },
  'day-of-month': { place: 3, hint: 'numbers from 1 to 31, L, LW or 15W', max: 31 },
  month: { place: 4, hint: 'numbers from 1 to 12 or JAN to DEC', max: 12 },
  'day-of-week': { place: 5, hint: 'numbers from 0 to 7, SUN to SAT, 5L or MON#1', max: 7 },
};

class Refused extends Error {}

/** Parses five fields, six with seconds first, or a macro. The problem is a sentence that says what to write. */
export function parseCron(expression: string): CronParse {
  try {
    return { ok: true, fields: parse(expression) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, problem: error.message };
    throw error;
  }
}

function parse(expression: string): CronFields {
  if (expression.length > LONGEST_EXPRESSION) {
    throw new Refused(
      `A cron expression has at most ${LONGEST_EXPRESSION} characters; write it shorter with ranges and steps.`,
    );
  }
  const words = expandMacro(expression.trim()).split(/[ \t]+/);
  if (words.length !== 5 && words.length !== 6) {
    const count = words[0] === '' ? 0 : words.length;
    throw new Refused(
      `A cron expression has five fields (minute hour day-of-month month day-of-week) or six with seconds first, but this has ${count}; write for example "0 4 * * *".`,
    );
  }
  const [second, minute, hour, day, month, weekday] = words.length === 6 ? words : ['0', ...words];
  const dayText = day ?? '*';
  const weekdayText = weekday ?? '*';
  return {
    seconds: numbersOf('second', second ?? '0'),
    minutes: numbersOf('minute', minute ?? '*'),
    hours: numbersOf('hour', hour ?? '*'),
    days: itemsOf('day-of-month', dayText).flatMap(dayRules),
    months: numbersOf('month', month ?? '*'),
    weekdays: itemsOf('day-of-week', weekdayText).flatMap(weekdayRules),
    daysAnd: dayText.startsWith('*') || weekdayText.startsWith('*'),
    wildcard: (minute ?? '').startsWith('*') || (hour ?? '').startsWith('*'),
  };
}

function expandMacro(expression: string): string {
  if (!expression.startsWith('@')) return expression;
  const macro = MACROS[expression.toLowerCase()];
  if (macro !== undefined) return macro;
  throw new Refused(
    `"${expression}" is not a schedule that can be watched; write one of ${Object.keys(MACROS).join(', ')}, or five fields.`,
  );
}

function itemsOf(field: FieldName, text: string): string[] {
  const items = text.split(',');
  if (items.some((item) => item === '')) throw refusal(field, text, 'has an empty place in its list');
  return items;
}

function numbersOf(field: FieldName, text: string): number[] {
  const numbers = new Set(itemsOf(field, text).flatMap((item) => libraryNumbers(field, item)));
  return [...numbers].sort((left, right) => left - right);
}

/** One item (`*`, `5`, `1-5`, `a/n`, names) through the library, in its place of an otherwise free expression. */
function libraryNumbers(field: FieldName, item: string): number[] {
  const shape = /^(\*|[a-z0-9]+(-[a-z0-9]+)?)(\/\d+)?$/i;
  if (!shape.test(item)) throw refusal(field, item, 'is not understood');
  const step = /\/(\d+)$/.exec(item)?.[1];
  if (step !== undefined && (Number(step) === 0 || Number(step) > FIELDS[field].max)) {
    throw refusal(field, item, `has a step of ${step}, but a step is from 1 to ${FIELDS[field].max}`);
  }
  if (/^(h|l|w)/i.test(item)) throw refusal(field, item, 'is not understood');
  const words = ['0', '0', '0', '*', '*', '*'];
  words[FIELDS[field].place] = item;
  try {
    const { fields } = CronExpressionParser.parse(words.join(' '));
    const values = [
      fields.second,
      fields.minute,
      fields.hour,
      fields.dayOfMonth,
      fields.month,
      fields.dayOfWeek,
    ][FIELDS[field].place]?.values;
    return (values ?? []).filter(
      (value): value is Exclude<typeof value, string> => typeof value === 'number',
    );
  } catch {
    const range = /^([a-z0-9]+)-([a-z0-9]+)/i.exec(item);
    const hint =
      range === null
        ? 'is out of range'
        : 'is not a range from less to more; write two ranges if it goes round the end';
    throw refusal(field, item, hint);
  }
}

function dayRules(item: string): DayRule[] {
  if (/^l$/i.test(item)) return [{ kind: 'last' }];
  if (/^lw$/i.test(item)) return [{ kind: 'last_weekday' }];
  const nearest = /^(\d{1,2})w$/i.exec(item);
  if (nearest === null) return libraryNumbers('day-of-month', item).map((day) => ({ kind: 'day', day }));
  const day = Number(nearest[1]);
  if (day < 1 || day > 31) throw refusal('day-of-month', item, 'is out of range');
  return [{ kind: 'nearest_weekday', day }];
}

function weekdayRules(item: string): WeekdayRule[] {
  const last = /^([0-7]|[a-z]{3})l$/i.exec(item);
  if (last !== null) return [{ kind: 'last', weekday: oneWeekday(last[1] ?? '') }];
  const nth = /^([0-7]|[a-z]{3})#(\d+)$/i.exec(item);
  if (nth === null) {
    const weekdays = new Set(libraryNumbers('day-of-week', item).map((weekday) => weekday % 7));
    return [...weekdays].map((weekday) => ({ kind: 'weekday', weekday }));
  }
  const place = Number(nth[2]);
  if (place < 1 || place > 5)
    throw refusal('day-of-week', item, 'names a week that a month does not have; write #1 to #5');
  return [{ kind: 'nth', weekday: oneWeekday(nth[1] ?? ''), nth: place }];
}

function oneWeekday(text: string): number {
  return (libraryNumbers('day-of-week', text)[0] ?? 0) % 7;
}

function refusal(field: FieldName, item: string, what: string): Refused {
  const shown = item.length > 40 ? `${item.slice(0, 40)}…` : item;
  return new Refused(
    `The ${field} field "${shown}" ${what}; write ${FIELDS[field].hint}, a list (1,15), a range (1-5) or a step (*/10).`,
  );
}
