import { dailyJob, pick, randomJob, type Job, type Random } from './cron-oracle-job.contract.ts';
import {
  compiled,
  instantsIn,
  neighbourDifference,
  offsetsIn,
  slotDifference,
  spanOf,
  walk,
  type Span,
} from './cron-oracle-walk.contract.ts';
import { allZoneNames, offsetOfStretch, stretchAt, stretchBeginsAt, zoneNamed, type Zone } from './zone.ts';

/**
 * Engine against oracle: random expressions over a whole year of a random zone, and the classes of jobs that a change
 * of the clock touches at every change of every zone. The tests take samples of it, a script runs it at length.
 */
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** What was compared, and the first difference of each comparison that found one. */
export interface Comparison {
  rounds: number;
  slots: number;
  readonly differences: string[];
}

/** One zone for each different course of offsets: other names of the same course are decoded from the same row. */
export function differentZones(): Zone[] {
  const zones = new Map<string, Zone>();
  for (const name of allZoneNames()) {
    const zone = zoneNamed(name);
    const course = JSON.stringify([zone?.changesAt, zone?.offsetsMs, zone?.yearly]);
    if (zone !== null && !zones.has(course)) zones.set(course, zone);
  }
  return [...zones.values()];
}

/** Dense jobs are compared at so many slots around a change only: another ten thousand of these teach nothing. */
const SLOTS_COMPARED = 1_500;

/** Random expressions in random zones, each walked minute by minute over a year from 2008 to 2057. */
export function compareYears(random: Random, rounds: number): Comparison {
  const zones = differentZones();
  const changing = zones.filter(({ changesAt }) => changesAt.length > 0);
  const found: Comparison = { rounds: 0, slots: 0, differences: [] };
  for (; found.rounds < rounds; found.rounds += 1) {
    const zone = pick(random, random(10) === 0 ? zones : changing);
    const year = 2_008 + random(random(4) === 0 ? 50 : 30);
    const span = spanOf(Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));
    compareOne(found, { job: randomJob(random, false), zone, tick: 60, span }, instantsIn(random, span, 200));
  }
  return found;
}

/** Random expressions with seconds in random zones around random changes, second by second. */
export function compareSeconds(random: Random, rounds: number): Comparison {
  const changes = everyChange(2007, 2037);
  const found: Comparison = { rounds: 0, slots: 0, differences: [] };
  for (; found.rounds < rounds; found.rounds += 1) {
    const { zone, at } = pick(random, changes);
    const span = spanOf(at - 6 * HOUR_MS, at + 6 * HOUR_MS);
    compareOne(found, { job: randomJob(random, true), zone, tick: 1, span }, instantsIn(random, span, 100));
  }
  return found;
}

interface Question {
  readonly job: Job;
  readonly zone: Zone;
  readonly tick: 1 | 60;
  readonly span: Span;
}

function compareOne(found: Comparison, question: Question, instants: readonly number[]): void {
  const { job, zone, tick, span } = question;
  const walked = walk(job, offsetsIn(zone, span), span, tick);
  const schedule = compiled(job.text, zone.name);
  const [slots, part] = partAroundAChange(walked, question);
  const difference = slotDifference(schedule, slots, part) ?? neighbourDifference(schedule, walked, instants);
  if (difference !== null) found.differences.push(`${job.text} in ${zone.name}: ${difference}`);
  found.slots += slots.length;
}

function partAroundAChange(walked: number[], { zone, span }: Question): [slots: number[], part: Span] {
  if (walked.length <= SLOTS_COMPARED) return [walked, span];
  const middle = stretchBeginsAt(zone, stretchAt(zone, span.end * 1_000));
  const place = walked.findIndex((at) => at >= middle) - SLOTS_COMPARED / 2;
  const begin = Math.min(Math.max(place, 0), walked.length - SLOTS_COMPARED);
  const slots = walked.slice(begin, begin + SLOTS_COMPARED - 1);
  return [slots, { begin: (slots[0] ?? 0) / 1_000, end: (slots.at(-1) ?? 0) / 1_000 + 1 }];
}

/** A change of the clock. */
export interface Change {
  readonly zone: Zone;
  readonly at: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Every change of every different zone within these years. */
export function everyChange(firstYear: number, lastYear: number): Change[] {
  const changes: Change[] = [];
  for (const zone of differentZones()) {
    const count = zone.changesAt.length + Math.max(0, lastYear - 2040) * zone.yearly.length;
    for (let index = 1; index <= count; index += 1) {
      const at = stretchBeginsAt(zone, index);
      if (at < Date.UTC(firstYear, 0, 1) || at >= Date.UTC(lastYear + 1, 0, 1)) continue;
      changes.push({
        zone,
        at,
        fromMs: offsetOfStretch(zone, index - 1),
        toMs: offsetOfStretch(zone, index),
      });
    }
  }
  return changes;
}

/** The jobs that a change touches: at the skipped or repeated times, at their ends, and those that follow real time. */
function touchedJobs({ at, fromMs, toMs }: Change): Job[] {
  const [low, high] = [at + Math.min(fromMs, toMs), at + Math.max(fromMs, toMs)];
  const middle = low + (high - low) / 2;
  const dailyAt = (localMs: number): Job => {
    const minutes = Math.floor((localMs % DAY_MS) / 60_000);
    return dailyJob([minutes % 60], [Math.floor(minutes / 60)]);
  };
  const hour = new Date(middle).getUTCHours();
  const minute = new Date(middle).getUTCMinutes();
  const around = [-2, -1, 0, 1, 2].map((more) => (hour + more + 24) % 24).sort((left, right) => left - right);
  return [
    ...[low - 60_000, low, middle, high - 60_000, high].map(dailyAt),
    dailyJob('*', [hour]),
    dailyJob([minute], '*'),
    dailyJob([minute], '*/2'),
    dailyJob([0], around),
    dailyJob([0, 30], [hour]),
    dailyJob([0, 15, 30, 45], '*'),
    dailyJob('*', [low, high].map((localMs) => new Date(localMs).getUTCHours()).filter(isFirst)),
  ];
}

function isFirst(value: number, index: number, values: readonly number[]): boolean {
  return values.indexOf(value) === index;
}

/** All classes of jobs at these changes, from three hours before to a day after. */
export function compareChanges(changes: readonly Change[]): Comparison {
  const found: Comparison = { rounds: 0, slots: 0, differences: [] };
  for (const change of changes) {
    const { zone, at } = change;
    const span = spanOf(at - 3 * HOUR_MS, at + 27 * HOUR_MS);
    const offsets = offsetsIn(zone, span);
    const instants = Array.from({ length: 24 }, (_, index) => at + (index - 12) * 900_000 + 500);
    for (const job of touchedJobs(change)) {
      const walked = walk(job, offsets, span, 60);
      const schedule = compiled(job.text, zone.name);
      const difference =
        slotDifference(schedule, walked, span) ?? neighbourDifference(schedule, walked, instants);
      const label = `${job.text} in ${zone.name} around ${new Date(at).toISOString()}`;
      if (difference !== null) found.differences.push(`${label}: ${difference}`);
      found.rounds += 1;
      found.slots += walked.length;
    }
  }
  return found;
}
