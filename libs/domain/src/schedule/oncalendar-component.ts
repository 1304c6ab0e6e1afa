import { FIRST_YEAR, LAST_YEAR } from './local-search.ts';
import { ScheduleRefusal, shown } from './schedule-refusal.ts';

/**
 * The numbers that one part of a systemd expression names: a star, or a list of `a`, `a..b`, `a/c` and `a..b/c`. What
 * systemd refuses is refused, with what it would take.
 */
export interface ComponentLimits {
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

/** The parts of a date and a time. */
export const PARTS = {
  year: { name: 'year', least: FIRST_YEAR, most: LAST_YEAR },
  month: { name: 'month', least: 1, most: 12 },
  day: { name: 'day', least: 1, most: 31 },
  hour: { name: 'hour', least: 0, most: 23 },
  minute: { name: 'minute', least: 0, most: 59 },
  second: { name: 'second', least: 0, most: 59 },
} as const satisfies Record<string, ComponentLimits>;

/** February has no more that every year has. */
const DAY_FROM_END: ComponentLimits = { name: 'day from the end of the month', least: 1, most: 28 };

interface Item {
  readonly start: number;
  /** Null: `a` or `a/c`, which goes on to the end. */
  readonly stop: number | null;
  /** Null: none is written. */
  readonly step: number | null;
}

/** The numbers that a part names, or null for every one. */
export function numbersOfComponent(limits: ComponentLimits, text: string): readonly number[] | null {
  if (text === '*') return null;
  return text.split(',').flatMap((word) => {
    const { start, stop, step } = itemOf(limits, word);
    if (stop !== null) return everyFrom(start, stop, step ?? 1);
    if (step === null) return [start];
    if (start + step > limits.most) throw pastTheEnd(limits, word, start);
    return everyFrom(start, limits.most, step);
  });
}

/** The days from the end of the month that `~` names, 1 being the last; null for every day. They repeat towards it. */
export function numbersFromEnd(text: string): readonly number[] | null {
  if (text === '*') return null;
  return text.split(',').flatMap((word) => {
    const { start, stop, step } = itemOf(DAY_FROM_END, word);
    if (stop !== null) return everyFrom(start, stop, step ?? 1);
    if (step === null) return [start];
    if (start - step < DAY_FROM_END.least) throw pastTheEnd(DAY_FROM_END, word, start);
    return everyFrom(((start - 1) % step) + 1, start, step);
  });
}

function everyFrom(first: number, last: number, step: number): number[] {
  const numbers: number[] = [];
  for (let number = first; number <= last; number += step) numbers.push(number);
  return numbers;
}

const ITEM = /^(\d{1,5})(?:\.\.(\d{1,5}))?(?:\/(\d{1,5}))?$/;

function itemOf(limits: ComponentLimits, word: string): Item {
  const parts = ITEM.exec(word);
  if (parts === null) throw misunderstood(limits, word);
  const start = yearInFull(limits, parts[1] ?? '');
  const stop = parts[2] === undefined ? null : yearInFull(limits, parts[2]);
  const step = parts[3] === undefined ? null : Number(parts[3]);
  const { least, most } = limits;
  for (const number of [start, stop ?? start]) {
    if (number < least || number > most) throw refusal(limits, word, 'is out of range');
  }
  if (stop !== null && stop < start) throw reversed(limits, word, [start, stop]);
  if (step !== null && (step === 0 || step > most - least)) {
    throw refusal(limits, word, `has a step of ${step}, but a step is from 1 to ${most - least}`);
  }
  return { start, stop, step };
}

/** Two digits are a year from 1970 to 2069. */
function yearInFull({ name }: ComponentLimits, digits: string): number {
  const number = Number(digits);
  if (name !== 'year' || number >= 100) return number;
  return number < 70 ? 2_000 + number : 1_900 + number;
}

function refusal({ name, least, most }: ComponentLimits, word: string, what: string): ScheduleRefusal {
  return new ScheduleRefusal(
    `The ${name} "${shown(word)}" ${what}; write *, numbers from ${least} to ${most}, a list (1,5), a range (1..5) or a step (${least}/5).`,
  );
}

function misunderstood(limits: ComponentLimits, word: string): ScheduleRefusal {
  const { name, least } = limits;
  const starred = /^\*\/(\d+)$/.exec(word);
  if (starred !== null) {
    return new ScheduleRefusal(
      `The ${name} "${shown(word)}" is cron's way; for OnCalendar write ${least}/${shown(starred[1] ?? '')}.`,
    );
  }
  const ranged = /^(\d{1,5})-(\d{1,5})$/.exec(word);
  if (ranged !== null) {
    return new ScheduleRefusal(
      `The ${name} "${shown(word)}" is not a range of OnCalendar; write ${ranged[1]}..${ranged[2]}.`,
    );
  }
  if (name === 'second' && /^\d+(?:\.\d+)?(?:\.\.\d+(?:\.\d+)?)?(?:\/\d+(?:\.\d+)?)?$/.test(word)) {
    return new ScheduleRefusal(
      `The second "${shown(word)}" has a fraction, but jobs are watched by whole seconds; write it without.`,
    );
  }
  if (word === '') return refusal(limits, word, 'has an empty place in its list');
  if (word === '*') return refusal(limits, word, 'may not stand in a list, it is every one alone');
  return refusal(limits, word, 'is not understood');
}

function reversed(
  { name, least, most }: ComponentLimits,
  word: string,
  [start, stop]: [number, number],
): ScheduleRefusal {
  return new ScheduleRefusal(
    `The ${name} "${shown(word)}" is not a range from less to more; to go round the end, write two ranges: "${start}..${most},${least}..${stop}".`,
  );
}

function pastTheEnd({ name }: ComponentLimits, word: string, start: number): ScheduleRefusal {
  return new ScheduleRefusal(
    `The ${name} "${shown(word)}" has a step that never comes to a second one; write ${start} alone, or a smaller step.`,
  );
}
