import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  compileSchedule,
  nextSlotAfter,
  previousSlotAtOrBefore,
  slotBeginsAt,
  type CompiledSchedule,
  type Schedule,
} from './schedule.ts';
import { slotsAfter } from './slot-walk.ts';

const RUNS = { numRuns: 400 };

const zone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/Havana',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'Pacific/Apia',
  'America/Nuuk',
);

/** Around changes of the clock, and anywhere from before the tables to after them. */
const base = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2011-12-30', '2026-02-15'),
      fc.integer({ min: -100_000_000, max: 100_000_000 }),
    )
    .map(([date, shift]) => Date.parse(date) + shift),
  fc.integer({ min: 0, max: Date.UTC(2120, 0, 1) }),
);

const two = (number: number): string => String(number).padStart(2, '0');
const minute = fc.integer({ min: 0, max: 59 });
const hour = fc.integer({ min: 0, max: 23 });
const weekday = fc.constantFrom('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun');
const step = fc.integer({ min: 1, max: 11 });

const hourField = fc.oneof(
  fc.constant('*'),
  hour.map(String),
  step.map((by) => `*/${by}`),
  fc.constant('1-5'),
);
const cronExpression = fc
  .tuple(
    fc.oneof(
      fc.constant('*'),
      minute.map(String),
      step.map((by) => `*/${by}`),
    ),
    hourField,
    fc.constantFrom('*', '1', '15W', 'L', '1-7', '29'),
    fc.constantFrom('*', '3', '10,11'),
    fc.constantFrom('*', '0', 'MON-FRI', '5L', 'SUN#1'),
  )
  .map((fields) => fields.join(' '));

const calendarExpression = fc
  .tuple(
    fc.oneof(
      fc.constant(''),
      weekday.map((day) => `${day} `),
    ),
    fc.constantFrom('', '*-*-* ', '*-*~1 ', '*-3,10-25..31 ', '2020..2099-*-1/7 ', '*-*~7/1 '),
    fc.oneof(
      fc.constant('*'),
      hour.map(two),
      step.map((by) => `0/${by}`),
      fc.constant('01..03'),
    ),
    fc.oneof(
      fc.constant('*'),
      minute.map(two),
      step.map((by) => `0/${by}`),
    ),
  )
  .map(([days, date, hours, minutes]) => `${days}${date}${hours}:${minutes}`);

const windowText = fc
  .tuple(
    fc.oneof(
      fc.constant(''),
      weekday.map((day) => `${day} `),
    ),
    hour,
    minute,
    hour,
    minute,
  )
  .map(([days, h1, m1, h2, m2]) => `${days}${two(h1)}:${two(m1)}-${two(h2)}:${two(m2)}`);

const list = (expression: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
  fc.array(expression, { minLength: 1, maxLength: 3 });

const schedules: Readonly<Record<'cron' | 'oncalendar' | 'window', fc.Arbitrary<Schedule>>> = {
  cron: fc.record({ kind: fc.constant('cron'), expressions: list(cronExpression), zone }),
  oncalendar: fc.record({ kind: fc.constant('oncalendar'), expressions: list(calendarExpression), zone }),
  window: fc.record({ kind: fc.constant('window'), window: windowText, zone }),
};

function compiledOf(schedule: Schedule): CompiledSchedule {
  const result = compileSchedule(schedule);
  if (!result.ok) throw new Error(result.problem);
  return result.compiled;
}

describe.each(['cron', 'oncalendar', 'window'] as const)('whatever the %s schedule', (kind) => {
  const compiled = schedules[kind].filter((schedule) => compileSchedule(schedule).ok).map(compiledOf);

  it('its next slot is after the instant asked for, never earlier for a later one, and found again', () => {
    fc.assert(
      fc.property(compiled, base, fc.integer({ min: 0, max: 100_000_000 }), (schedule, at, laterMs) => {
        const next = nextSlotAfter(schedule, at) ?? Infinity;
        const later = nextSlotAfter(schedule, at + laterMs) ?? Infinity;
        expect(next).toBeGreaterThan(at);
        expect(later).toBeGreaterThanOrEqual(next);
        const isFound = next === Infinity || previousSlotAtOrBefore(schedule, next) === next;
        expect(isFound).toBe(true);
        expect(slotBeginsAt(schedule, next)).toBeLessThanOrEqual(next);
      }),
      RUNS,
    );
  });

  it('no slot lies between the one before an instant and the one after it', () => {
    fc.assert(
      fc.property(compiled, base, (schedule, at) => {
        const before = previousSlotAtOrBefore(schedule, at);
        const next = nextSlotAfter(schedule, at);
        expect(before ?? -Infinity).toBeLessThanOrEqual(at);
        expect(before === null || nextSlotAfter(schedule, before) === next).toBe(true);
        expect(next === null || previousSlotAtOrBefore(schedule, next - 1) === before).toBe(true);
      }),
      RUNS,
    );
  });

  it('its slots in a row are those that are asked for one by one', () => {
    fc.assert(
      fc.property(compiled, base, (schedule, at) => {
        const oneByOne: number[] = [];
        let next = nextSlotAfter(schedule, at);
        for (; next !== null && oneByOne.length < 6; next = nextSlotAfter(schedule, next))
          oneByOne.push(next);
        expect(slotsAfter(schedule, at, 6)).toEqual(oneByOne);
      }),
      RUNS,
    );
  });
});
