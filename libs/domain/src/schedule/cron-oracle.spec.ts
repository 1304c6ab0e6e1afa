import { describe, expect, it } from '@jest/globals';
import { compileSchedule, nextSlotAfter, previousSlotAtOrBefore, type CompiledSchedule } from './schedule.ts';
import { offsetAt, zoneNamed, type Zone } from './zone.ts';

/**
 * A second opinion that shares nothing with the engine but the zones' offsets: random expressions are made together
 * with what they mean, and their slots are found by looking at each tick of real time and at what the wall shows.
 */
const DAY_MS = 86_400_000;

/** Jest makes every look at a global slow, and the walks below take millions of these. */
const floor = Math.floor;

type Random = (below: number) => number;

/** A small seeded generator, so that a failure can be repeated. */
function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return floor((state / 2 ** 32) * below);
  };
}

function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[random(choices.length)];
  if (choice === undefined) throw new Error('nothing to pick from');
  return choice;
}

interface Field<Value> {
  text: string;
  holds: (value: Value) => boolean;
}

function either<Value>(items: readonly Field<Value>[]): Field<Value> {
  return {
    text: items.map((item) => item.text).join(','),
    holds: (value) => items.some((item) => item.holds(value)),
  };
}

/** One plain item with its meaning: star, number, range, each with a step or not. */
function plainItem(random: Random, least: number, most: number): Field<number> {
  const low = least + random(most - least + 1);
  const high = low + random(most - low + 1);
  const step = 1 + random(Math.min(most, 20));
  const range = (text: string, from: number, to: number, by: number): Field<number> => ({
    text,
    holds: (value) => value >= from && value <= to && (value - from) % by === 0,
  });
  return pick(random, [
    range('*', least, most, 1),
    range(`*/${step}`, least, most, step),
    range(`${low}`, low, low, 1),
    range(`${low}`, low, low, 1),
    range(`${low}-${high}`, low, high, 1),
    range(`${low}-${high}/${step}`, low, high, step),
    range(`${low}/${step}`, low, most, step),
  ]);
}

function plainField(random: Random, least: number, most: number): Field<number> {
  return either(Array.from({ length: 1 + random(random(3) + 1) }, () => plainItem(random, least, most)));
}

function nightHours(random: Random): Field<number> {
  const low = random(4);
  const high = low + random(3);
  return { text: `${low}-${high}`, holds: (hour) => hour >= low && hour <= high };
}

/** A local date in the oracle's own terms, by the calendar of the language. */
interface Day {
  day: number;
  weekday: number;
  length: number;
}

function dayOf(localMs: number): Day {
  const date = new Date(localMs);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return { day: date.getUTCDate(), weekday: date.getUTCDay(), length };
}

/** The workday nearest to a wanted day of the month, looked for outwards; the 31st of a shorter month is nowhere. */
function workdayNear(wanted: number, { day, weekday, length }: Day): number {
  if (wanted > length) return 0;
  const near = [wanted, wanted - 1, wanted + 1, wanted - 2, wanted + 2];
  const isWorkday = (candidate: number): boolean =>
    candidate >= 1 && candidate <= length && ![0, 6].includes((((weekday + candidate - day) % 7) + 7) % 7);
  return near.find(isWorkday) ?? 0;
}

function dayField(random: Random): Field<Day> {
  const plain = plainField(random, 1, 31);
  const wanted = 1 + random(31);
  const special: Field<Day>[] = [
    { text: 'L', holds: ({ day, length }) => day === length },
    { text: 'LW', holds: (date) => date.day === workdayNear(date.length, date) },
    { text: `${wanted}W`, holds: (date) => date.day === workdayNear(wanted, date) },
  ];
  const asDay: Field<Day> = { text: plain.text, holds: ({ day }) => plain.holds(day) };
  const one = pick(random, special);
  return pick(random, [asDay, asDay, one, either([asDay, one])]);
}

const NAMES = ['SUN', 'Mon', 'tue', 'WED', 'thu', 'FRI', 'Sat'];

function weekdayField(random: Random): Field<Day> {
  const plain = plainField(random, 0, 7);
  const weekday = random(7);
  const nth = 1 + random(5);
  const name = pick(random, [String(weekday), NAMES[weekday] ?? '']);
  const any: Field<Day> = { text: '*', holds: () => true };
  const asWeekday: Field<Day> = {
    text: plain.text,
    holds: (date) => plain.holds(date.weekday) || (date.weekday === 0 && plain.holds(7)),
  };
  const special: Field<Day>[] = [
    { text: name, holds: (date) => date.weekday === weekday },
    { text: `${name}L`, holds: (date) => date.weekday === weekday && date.day + 7 > date.length },
    {
      text: `${name}#${nth}`,
      holds: ({ day, ...date }) => date.weekday === weekday && Math.ceil(day / 7) === nth,
    },
  ];
  const one = pick(random, special);
  return pick(random, [any, any, asWeekday, one, either([asWeekday, one])]);
}

interface Job extends Field<number> {
  isFixed: boolean;
}

/** The field written out, because the walk asks it ten million times. */
function written(field: Field<number>, count: number): boolean[] {
  return Array.from({ length: count }, (_, value) => field.holds(value));
}

function randomJob(random: Random, withSeconds: boolean): Job {
  const second = withSeconds
    ? plainField(random, 0, 59)
    : { text: '', holds: (value: number) => value === 0 };
  const minute = plainField(random, 0, 59);
  // Half of them in the hours in which clocks are changed.
  const hour = random(2) === 0 ? plainField(random, 0, 23) : nightHours(random);
  const any: Field<number> = { text: '*', holds: () => true };
  const month = random(3) === 0 ? plainField(random, 1, 12) : any;
  const day = dayField(random);
  const weekday = weekdayField(random);
  const isAnd = day.text.startsWith('*') || weekday.text.startsWith('*');
  const [seconds, minutes, hours] = [written(second, 60), written(minute, 60), written(hour, 24)];
  const dayHolds = new Map<number, boolean>();
  const onDay = (localMs: number): boolean => {
    const key = floor(localMs / DAY_MS);
    const known = dayHolds.get(key);
    if (known !== undefined) return known;
    const date = dayOf(localMs);
    const [byDay, byWeekday] = [day.holds(date), weekday.holds(date)];
    const holds =
      month.holds(new Date(localMs).getUTCMonth() + 1) && (isAnd ? byDay && byWeekday : byDay || byWeekday);
    dayHolds.set(key, holds);
    return holds;
  };
  const texts = [second, minute, hour, day, month, weekday].map((field) => field.text);
  return {
    text: texts.join(' ').trim(),
    isFixed: !minute.text.startsWith('*') && !hour.text.startsWith('*'),
    holds: (localMs) =>
      seconds[floor(localMs / 1_000) % 60] === true &&
      minutes[floor(localMs / 60_000) % 60] === true &&
      hours[floor(localMs / 3_600_000) % 24] === true &&
      onDay(localMs),
  };
}

/** Offsets read beforehand for every quarter of an hour: none of the changes below happens in between. */
function quarterly(zone: Zone, beginAt: number): (at: number) => number {
  const offsets = Array.from({ length: 96 * 30 }, (_, quarter) =>
    offsetAt(zone, beginAt + quarter * 900_000),
  );
  return (at) => offsets[floor((at - beginAt) / 900_000)] ?? Number.NaN;
}

/** The rule, taken literally, from `beginAt` to before `endAt` in steps of one tick. */
function walk(
  job: Job,
  offset: (at: number) => number,
  [beginAt, endAt, tickMs]: readonly number[],
): number[] {
  if (beginAt === undefined || endAt === undefined || tickMs === undefined) throw new Error('no span');
  const due: number[] = [];
  // It begins a day early, to know what the wall has shown by then.
  let before = beginAt - DAY_MS - tickMs + offset(beginAt - DAY_MS - tickMs);
  let latest = before;
  for (let at = beginAt - DAY_MS; at < endAt; at += tickMs) {
    const local = at + offset(at);
    const jump = local - before - tickMs;
    // Cron takes a larger jump for a correction, and whatever the wall shows then for new.
    if (Math.abs(jump) > 3 * 3_600_000) latest = local - tickMs;
    let isDue = job.holds(local) && !(job.isFixed && local <= latest);
    if (job.isFixed && jump > 0 && jump <= 3 * 3_600_000) {
      for (let missed = before + tickMs; missed < local; missed += tickMs) isDue ||= job.holds(missed);
    }
    if (isDue && at >= beginAt) due.push(at);
    before = local;
    latest = Math.max(latest, local);
  }
  return due;
}

const CHANGES: readonly (readonly [zone: string, change: string])[] = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['America/Havana', '2026-03-08T05:00Z'],
  ['America/Havana', '2026-11-01T05:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00Z'],
  ['Antarctica/Troll', '2026-10-25T01:00Z'],
  ['America/Nuuk', '2026-03-29T01:00Z'],
  ['America/Nuuk', '2026-10-25T01:00Z'],
  ['Pacific/Chatham', '2026-09-26T14:00Z'],
  ['Africa/Casablanca', '2026-03-22T02:00Z'],
  ['Africa/Cairo', '2026-10-29T21:00Z'],
  ['Asia/Beirut', '2028-03-25T22:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Antarctica/Casey', '2010-03-04T15:00Z'],
  ['Antarctica/Casey', '2011-10-27T18:00Z'],
  ['America/Santiago', '2055-04-04T03:00Z'],
  ['UTC', '2028-02-29T12:00Z'],
];

function compiled(expression: string, zone: string): CompiledSchedule | null {
  const result = compileSchedule({ kind: 'cron', expression, zone });
  if (!result.ok && !result.problem.includes('never happens')) throw new Error(result.problem);
  return result.ok ? result.compiled : null;
}

function slotsBetween(schedule: CompiledSchedule, beginAt: number, endAt: number): number[] {
  const slots: number[] = [];
  let at = nextSlotAfter(schedule, beginAt - 1);
  while (at !== null && at < endAt) {
    slots.push(at);
    at = nextSlotAfter(schedule, at);
  }
  return slots;
}

function slotsBackwards(schedule: CompiledSchedule, beginAt: number, endAt: number): number[] {
  const slots: number[] = [];
  let at = previousSlotAtOrBefore(schedule, endAt - 1);
  while (at !== null && at >= beginAt) {
    slots.unshift(at);
    at = previousSlotAtOrBefore(schedule, at - 1);
  }
  return slots;
}

/** Lists of ten thousand instants are no help in a report; the first that differs is. */
function firstDifference(walked: readonly number[], found: readonly number[]): string {
  const index = [...walked, 0].findIndex((at, place) => at !== (found[place] ?? 0));
  const told = (at: number | undefined): string =>
    at === undefined ? 'nothing' : new Date(at).toISOString();
  return index < 0 ? 'none' : `expected ${told(walked[index])}, got ${told(found[index])}`;
}

function compare(rounds: number, random: Random, span: { days: number; tickMs: number }): number {
  let found = 0;
  for (let round = 0; round < rounds; round += 1) {
    const [zoneName, change] = pick(random, CHANGES);
    const zone = zoneNamed(zoneName);
    if (zone === null) throw new Error(`${zoneName} is not in the table`);
    const middleAt = floor(Date.parse(change) / DAY_MS) * DAY_MS;
    const [beginAt, endAt] = [middleAt - span.days * DAY_MS, middleAt + (span.days + 1) * DAY_MS];
    const job = randomJob(random, span.tickMs < 60_000);
    const schedule = compiled(job.text, zoneName);
    const walked = walk(job, quarterly(zone, beginAt - 2 * DAY_MS), [beginAt, endAt, span.tickMs]);
    const label = `${job.text} in ${zoneName} around ${change}`;
    const forwards = schedule === null ? [] : slotsBetween(schedule, beginAt, endAt);
    const backwards = schedule === null ? [] : slotsBackwards(schedule, beginAt, endAt);
    expect([label, firstDifference(walked, forwards)]).toEqual([label, 'none']);
    expect([label, firstDifference(walked, backwards)]).toEqual([label, 'none']);
    found += walked.length;
  }
  return found;
}

describe('random cron expressions', () => {
  it('have the slots that one sees by looking at the wall every minute', () => {
    expect(compare(300, seeded(20_260_329), { days: 5, tickMs: 60_000 })).toBeGreaterThan(10_000);
  });

  it('have the slots that one sees by looking at the wall every second', () => {
    expect(compare(20, seeded(20_261_025), { days: 0, tickMs: 1_000 })).toBeGreaterThan(1_000);
  });
});
