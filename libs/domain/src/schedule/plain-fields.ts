import { CronExpressionParser } from 'cron-parser';
import { CRON_FIELD_NAMES, itemRefusal, type CronFieldName } from './cron-refusal.ts';

/**
 * The numbers that plain items stand for, by the cron-parser package: the only place that knows it. It is asked for
 * fields, never for occurrences. Its refusals are not final: it does not take some lists that cron takes (`1-5,3`),
 * and it looks at day and month together where cron has other ways for a date to happen.
 */
export type PlainItems = Readonly<Record<CronFieldName, readonly string[]>>;

/** For each field, the numbers of all its items; empty if it has none. */
export type PlainNumbers = Readonly<Record<CronFieldName, readonly number[]>>;

const ANY: Readonly<Record<CronFieldName, string>> = {
  second: '0',
  minute: '0',
  hour: '0',
  'day-of-month': '*',
  month: '*',
  'day-of-week': '*',
};

/** With an instant given it does not read the clock, with a zone given it does not ask the machine for one. */
const AT_NO_PARTICULAR_TIME = { currentDate: 0, tz: 'UTC' };

/** The numbers of all fields: in one call (24 µs) if the package takes it all, else item by item. */
export function plainNumbers(items: PlainItems): PlainNumbers {
  const texts = CRON_FIELD_NAMES.map((field) =>
    items[field].length === 0 ? ANY[field] : items[field].join(','),
  );
  const together = ask(texts);
  const numbersOf = (field: CronFieldName): readonly number[] => {
    if (items[field].length === 0) return [];
    return together === null ? items[field].flatMap((item) => numbersOfItem(field, item)) : together[field];
  };
  return {
    second: numbersOf('second'),
    minute: numbersOf('minute'),
    hour: numbersOf('hour'),
    'day-of-month': numbersOf('day-of-month'),
    month: numbersOf('month'),
    'day-of-week': numbersOf('day-of-week'),
  };
}

function numbersOfItem(field: CronFieldName, item: string): readonly number[] {
  const texts = CRON_FIELD_NAMES.map((name) => (name === field ? item : ANY[name]));
  const numbers = ask(texts);
  if (numbers === null) throw itemRefusal(field, item, 'is not understood');
  return numbers[field];
}

function ask(texts: readonly string[]): PlainNumbers | null {
  try {
    const { fields } = CronExpressionParser.parse(texts.join(' '), AT_NO_PARTICULAR_TIME);
    return {
      second: numeric(fields.second.values),
      minute: numeric(fields.minute.values),
      hour: numeric(fields.hour.values),
      'day-of-month': numeric(fields.dayOfMonth.values),
      month: numeric(fields.month.values),
      'day-of-week': numeric(fields.dayOfWeek.values),
    };
  } catch {
    return null;
  }
}

function numeric(values: readonly (number | string)[]): number[] {
  return values.filter((value) => typeof value === 'number');
}
