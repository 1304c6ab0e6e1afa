import { CronExpressionParser, type CronExpression } from 'cron-parser';
import { Cron } from 'croner';
import {
  compileSchedule,
  nextSlotAfter,
  previousSlotAtOrBefore,
  type CompiledSchedule,
} from '../libs/domain/src/schedule/schedule.ts';
import { allZoneNames } from '../libs/domain/src/schedule/zone.ts';
import type { BenchResult } from './result.ts';

/** What people write. */
const TYPICAL = [
  '*/5 * * * *',
  '0 * * * *',
  '30 2 * * *',
  '0 4 * * 1-5',
  '0 9-17 * * MON-FRI',
  '15 */6 * * *',
  '0,30 2 * * *',
  '0 0 * * 0',
  '0 0 1 * *',
  '0 0 1 1 *',
];

/** What is far away, what changes of the clock touch, and what makes a month dear to look at. */
const NASTY = [
  '0 0 29 2 *',
  '0 0 29 2 MON',
  '0 0 31 * *',
  '* * 29 2 5#5',
  '59 59 23 31 12 *',
  '0 0 * 2 MON#5',
  '0 0 31 * MON#5',
  '0 0 */31 * 1#1',
  '0 0 LW * *',
  '0 0 31W 12 *',
  '*/30 2 * 3 0L',
  '*/15 1-3 */30 * 0,6L',
  '0 0 */31 2 1,2#2,3#3',
  `0 0 ${Array.from({ length: 31 }, (_, day) => `${day + 1}W`).join(',')} 2 *`,
];

/** Drawn with a seed, so that each run asks the same. */
const CALLS = 300_000;
const CALLS_OF_OTHERS = 4_000;
const WORST_REPEATED = 1_000;
const FIRST_AT = 0;
const LAST_AT = Date.UTC(2100, 0, 1);

interface Input {
  readonly expression: string;
  readonly zone: string;
  readonly schedule: CompiledSchedule;
  readonly at: number;
}

/** The next slot by the engine over all zones, and by two packages for the same questions. */
export function benchCron(): Promise<BenchResult> {
  const figures: Record<string, number> = {};
  const random = seeded(2026);
  const ours = inputs(random, [...TYPICAL, ...NASTY]);
  for (const [name, ask] of Object.entries(QUESTIONS)) {
    timedSlots(ours.slice(0, 100_000), ask);
    const nanoseconds = timedSlots(ours, ask);
    const worst = [...nanoseconds.keys()]
      .sort((left, right) => (nanoseconds[right] ?? 0) - (nanoseconds[left] ?? 0))
      .slice(0, WORST_REPEATED)
      .flatMap((index) => ours[index] ?? []);
    Object.assign(figures, summary(name, nanoseconds));
    // Noise does not strike the same input three times; an algorithm does.
    const again = [timedSlots(worst, ask), timedSlots(worst, ask), timedSlots(worst, ask)];
    figures[`${name}WorstAgainMaxNs`] = Math.max(
      ...worst.map((_, index) => Math.min(...again.map((times) => times[index] ?? 0))),
    );
  }
  figures['timerNs'] = median(timedSlots(ours.slice(0, 100_000), () => null));
  const theirs = inputs(random, TYPICAL).slice(0, CALLS_OF_OTHERS);
  const engine = median(timedSlots(theirs, nextSlotAfter));
  const parser = withCronParser(theirs);
  const croner = withCroner(theirs);
  Object.assign(figures, {
    typicalNs: engine,
    cronParserNs: median(parser),
    cronParserMaxNs: Math.max(...parser),
    cronerNs: median(croner),
    cronerMaxNs: Math.max(...croner),
  });
  figures['timesFasterThanCroner'] = median(croner) / engine;
  return Promise.resolve({ ratio: median(parser) / engine, figures });
}

type Ask = (schedule: CompiledSchedule, at: number) => number | null;

const QUESTIONS: Readonly<Record<string, Ask>> = { next: nextSlotAfter, previous: previousSlotAtOrBefore };

/** Nanoseconds of each single call of the engine. */
function timedSlots(asked: readonly Input[], ask: Ask): number[] {
  return asked.map(({ schedule, at }) => {
    const begun = process.hrtime.bigint();
    ask(schedule, at);
    return Number(process.hrtime.bigint() - begun);
  });
}

function inputs(random: (below: number) => number, expressions: readonly string[]): Input[] {
  const pairs = [...allZoneNames()].flatMap((zone) =>
    expressions.flatMap((expression) => {
      const result = compileSchedule({ kind: 'cron', expressions: [expression], zone });
      return result.ok ? [{ expression, zone, schedule: result.compiled }] : [];
    }),
  );
  return Array.from({ length: CALLS }, () => pairs[random(pairs.length)]).flatMap((pair) =>
    pair === undefined ? [] : [{ ...pair, at: FIRST_AT + random(LAST_AT - FIRST_AT) }],
  );
}

/** Nanoseconds of each single call of a package. */
function timed<T>(asked: readonly T[], ask: (input: T) => unknown): number[] {
  return asked.map((input) => {
    const begun = process.hrtime.bigint();
    ask(input);
    return Number(process.hrtime.bigint() - begun);
  });
}

/** Parsed before it is measured; a search that the package gives up counts with the time that it took. */
function withCronParser(asked: readonly Input[]): number[] {
  const parsed = new Map<string, CronExpression>();
  const of = ({ expression, zone }: Input): CronExpression => {
    const key = `${expression} ${zone}`;
    const known = parsed.get(key) ?? CronExpressionParser.parse(expression, { tz: zone });
    parsed.set(key, known);
    return known;
  };
  const ready = asked.map((input) => ({ expression: of(input), at: new Date(input.at) }));
  return timed(ready, ({ expression, at }) => {
    try {
      expression.reset(at);
      return expression.next();
    } catch {
      return null;
    }
  });
}

function withCroner(asked: readonly Input[]): number[] {
  const parsed = new Map<string, Cron>();
  const of = ({ expression, zone }: Input): Cron => {
    const key = `${expression} ${zone}`;
    const known = parsed.get(key) ?? new Cron(expression, { timezone: zone, paused: true });
    parsed.set(key, known);
    return known;
  };
  const ready = asked.map((input) => ({ job: of(input), at: new Date(input.at) }));
  return timed(ready, ({ job, at }) => job.nextRun(at));
}

function summary(name: string, nanoseconds: readonly number[]): Record<string, number> {
  const sorted = nanoseconds.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    [`${name}Ns`]: at(0.5),
    [`${name}P99Ns`]: at(0.99),
    [`${name}P999Ns`]: at(0.999),
    [`${name}MaxNs`]: at(1),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;
}

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
