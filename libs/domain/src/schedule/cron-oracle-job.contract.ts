/**
 * Random cron expressions made together with what they mean, by the calendar of the language: the first half of a second
 * opinion that shares nothing with the engine.
 */
const DAY_SECONDS = 86_400;

/** Jest makes every look at a global slow, and the walks take millions of these. */
const floor = Math.floor;

/** A whole number at or above 0 and below the given one. */
export type Random = (below: number) => number;

/** A small seeded generator, so that a failure can be repeated. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return floor((state / 2 ** 32) * below);
  };
}

/** One of several. */
export function pick<T>(random: Random, choices: readonly T[]): T {
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

interface Limits {
  readonly least: number;
  readonly most: number;
  /** Ways to write the numbers, from the least on; the numbers themselves where there are none. */
  readonly names?: readonly string[];
}

const SIXTY: Limits = { least: 0, most: 59 };
const HOURS: Limits = { least: 0, most: 23 };
const DAYS: Limits = { least: 1, most: 31 };
const MONTHS: Limits = {
  least: 1,
  most: 12,
  names: ['JAN', 'Feb', 'mar', 'APR', 'may', 'Jun', 'jul', 'AUG', 'sep', 'OCT', 'Nov', 'dec'],
};
const WEEKDAYS: Limits = { least: 0, most: 7, names: ['SUN', 'Mon', 'tue', 'WED', 'thu', 'FRI', 'Sat'] };

function written(random: Random, value: number, { least, names }: Limits): string {
  const name = names?.[value - least];
  return name !== undefined && random(3) === 0 ? name : String(value);
}

/** One plain item with its meaning: star, number, range, each with a step or not. */
function plainItem(random: Random, limits: Limits): Field<number> {
  const { least, most } = limits;
  const low = least + random(most - least + 1);
  const high = low + random(most - low + 1);
  const step = 1 + random(Math.min(most, 20));
  const [from, to] = [written(random, low, limits), written(random, high, limits)];
  const range = (text: string, [first, last]: readonly [number, number], by: number): Field<number> => ({
    text,
    holds: (value) => value >= first && value <= last && (value - first) % by === 0,
  });
  return pick(random, [
    range('*', [least, most], 1),
    range(`*/${step}`, [least, most], step),
    range(from, [low, low], 1),
    range(from, [low, low], 1),
    range(`${from}-${to}`, [low, high], 1),
    range(`${from}-${to}/${step}`, [low, high], step),
    range(`${low}/${step}`, [low, most], step),
  ]);
}

function plainField(random: Random, limits: Limits): Field<number> {
  return either(Array.from({ length: 1 + random(random(3) + 1) }, () => plainItem(random, limits)));
}

function nightHours(random: Random): Field<number> {
  const low = random(4);
  const high = low + random(3);
  const range = { text: `${low}-${high}`, holds: (hour: number) => hour >= low && hour <= high };
  return pick(random, [range, { text: String(low), holds: (hour: number) => hour === low }]);
}

/** A local date in the oracle's own terms. */
interface Day {
  day: number;
  weekday: number;
  length: number;
}

function dayOf(date: Date): Day {
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

const ANY: Field<unknown> = { text: '*', holds: () => true };

function dayField(random: Random): Field<Day> {
  const plain = plainField(random, DAYS);
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

function weekdayField(random: Random): Field<Day> {
  const plain = plainField(random, WEEKDAYS);
  const weekday = random(7);
  const nth = 1 + random(5);
  const name = written(random, weekday, WEEKDAYS);
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
  return pick(random, [ANY, ANY, asWeekday, one, either([asWeekday, one])]);
}

/** An expression with its meaning; local times count in seconds from 1970-01-01 00:00 as the wall shows it. */
export interface Job {
  readonly text: string;
  /** Neither minute nor hour begins with a star. */
  readonly isFixed: boolean;
  readonly holds: (localSeconds: number) => boolean;
}

interface Parts {
  readonly second: Field<number> | null;
  readonly minute: Field<number>;
  readonly hour: Field<number>;
  readonly day: Field<Day>;
  readonly month: Field<number>;
  readonly weekday: Field<Day>;
}

/** A random expression, half of them in the hours in which clocks are changed. */
export function randomJob(random: Random, withSeconds: boolean): Job {
  const second = withSeconds ? plainField(random, SIXTY) : null;
  const minute = plainField(random, SIXTY);
  const hour = random(2) === 0 ? plainField(random, HOURS) : nightHours(random);
  if (random(3) === 0) return jobOf({ second, minute, hour, day: ANY, month: ANY, weekday: ANY });
  const month = random(3) === 0 ? plainField(random, MONTHS) : ANY;
  return jobOf({ second, minute, hour, day: dayField(random), month, weekday: weekdayField(random) });
}

/** A daily job that is written with plain lists of minutes and hours, or stars. */
export function dailyJob(minutes: readonly number[] | '*', hours: readonly number[] | '*' | '*/2'): Job {
  const listed = (list: readonly number[]): Field<number> => ({
    text: list.join(','),
    holds: (value) => list.includes(value),
  });
  const minute = minutes === '*' ? ANY : listed(minutes);
  const even = { text: '*/2', holds: (hour: number): boolean => hour % 2 === 0 };
  const hour = hours === '*' ? ANY : hours === '*/2' ? even : listed(hours);
  return jobOf({ second: null, minute, hour, day: ANY, month: ANY, weekday: ANY });
}

function jobOf({ second, minute, hour, day, month, weekday }: Parts): Job {
  const times = timesOf({ second, minute, hour });
  const isAnd = day.text.startsWith('*') || weekday.text.startsWith('*');
  const isDay = (number: number): boolean => {
    const date = new Date(number * DAY_SECONDS * 1_000);
    if (!month.holds(date.getUTCMonth() + 1)) return false;
    const [byDay, byWeekday] = [day.holds(dayOf(date)), weekday.holds(dayOf(date))];
    return isAnd ? byDay && byWeekday : byDay || byWeekday;
  };
  const known = new Map<number, boolean>();
  const onDay = (number: number): boolean => {
    const holds = known.get(number) ?? isDay(number);
    known.set(number, holds);
    return holds;
  };
  const fields = [minute, hour, day, month, weekday];
  return {
    text: (second === null ? fields : [second, ...fields]).map((field) => field.text).join(' '),
    isFixed: !minute.text.startsWith('*') && !hour.text.startsWith('*'),
    holds: (local) => {
      const number = floor(local / DAY_SECONDS);
      return times[local - number * DAY_SECONDS] === 1 && onDay(number);
    },
  };
}

/** The time of day written out second by second, because the walk asks it a hundred million times. */
function timesOf({ second, minute, hour }: Pick<Parts, 'second' | 'minute' | 'hour'>): Uint8Array {
  const times = new Uint8Array(DAY_SECONDS);
  const below = (count: number, field: Field<number>): number[] =>
    Array.from({ length: count }, (_, value) => value).filter((value) => field.holds(value));
  const seconds = second === null ? [0] : below(60, second);
  const minutes = below(60, minute);
  for (const h of below(24, hour))
    for (const m of minutes) for (const s of seconds) times[h * 3_600 + m * 60 + s] = 1;
  return times;
}
