import { describe, expect, it } from '@jest/globals';
import type { CalendarFields } from './calendar-fields.ts';
import { nextCalendarSlot, previousCalendarSlot } from './calendar-slots.ts';
import { parseCron } from './cron-parse.ts';
import { zoneNamed, type Zone } from './zone.ts';

// Whoever may write an expression may write the dearest one. Its cost is counted in looks at the fields and at the
// zone's table, because a clock would measure the machine.

/** Written to search far, to be in a gap every time, or to make each month dear. */
const HOSTILE = [
  '0 0 29 2 MON',
  '0 0 29 2 *',
  '* * 29 2 5#5',
  '0 0 * 2 MON#5',
  '*/7 3 * 2 6#5',
  '0 0 31 * MON#5',
  '59 59 23 31 12 7',
  '0 0 */31 * 1#1',
  '0 0 */31 2 1#2',
  '0 0 */30 4 1#5',
  '0 0 31W 2 *',
  '0 0 30 2 *',
  '0 0 31 2,4,6,9,11 *',
  '*/30 2 * 3 0L',
  '*/30 2 * 3,10 0L',
  '30 */2 * 3 0#2',
  '*/15 1-3 */30 * 0,6L',
  `0 0 */31 * ${Array.from({ length: 35 }, (_, index) => `${index % 7}#${2 + (index % 4)}`).join(',')}`,
  `0 0 ${Array.from({ length: 31 }, (_, day) => `${day + 1}W`).join(',')} 2 *`,
];

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Asia/Gaza',
];

const YEARS = Array.from({ length: 44 }, (_, index) => 1_970 + 3 * index);

interface Counter {
  looks: number;
}

/** The same object, but every look at one of its members is counted. */
function counted<T extends object>(target: T, counter: Counter): T {
  return new Proxy(target, {
    get: (object, key) => {
      counter.looks += 1;
      return Reflect.get(object, key);
    },
  });
}

function fieldsOf(expression: string): CalendarFields {
  const parsed = parseCron(expression);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.fields;
}

function zoneOf(name: string): Zone {
  const zone = zoneNamed(name);
  if (zone === null) throw new Error(`${name} is not in the table`);
  return zone;
}

/** The dearer of both directions, for every third year. */
function looksByYear(expression: string, zoneName: string): [year: number, looks: number][] {
  const counter = { looks: 0 };
  const fields = counted(fieldsOf(expression), counter);
  const zone = counted(zoneOf(zoneName), counter);
  return YEARS.map((year) => {
    const at = Date.UTC(year, year % 12, 1 + (year % 28), year % 24);
    const each = [nextCalendarSlot, previousCalendarSlot].map((search) => {
      counter.looks = 0;
      search(fields, zone, at);
      return counter.looks;
    });
    return [year, Math.max(...each)];
  });
}

describe('the search for a slot', () => {
  it('is short for every expression, zone and instant from 1970 to 2100, forwards and backwards', () => {
    const dearest = { looks: 0, expression: '', zone: '', year: 0 };
    for (const [expression, zone] of HOSTILE.flatMap((text) => ZONES.map((name) => [text, name] as const))) {
      for (const [year, looks] of looksByYear(expression, zone)) {
        if (looks > dearest.looks) Object.assign(dearest, { looks, expression, zone, year });
      }
    }
    // Fifty years of months, or a job that is in a gap every time; each look goes with some 50 ns of work at most.
    expect(dearest.looks).toBeLessThan(6_000);
    expect(dearest.looks).toBeGreaterThan(1_000);
  });
});
