import type { Verdict } from '../../libs/domain/src/event/transition.ts';
import type { Decision } from './judges.ts';
import type { TruePing } from './truth.ts';
import type { RanWorld } from './world.ts';

/** The lease, the janitor's second look, and two flushes: after that a miss must have been pronounced. */
const DECISION_MAX_MS = 10_000 + 2_000 + 1_000 + 1_000;

/** A client is patient for a while; whoever comes by within twice the lease must find its deadline moved. */
const PATIENCE_MS = 15_000;
/** Two tries of a client are a second apart, so its deadline may pass between a hole's end and its next try. */
const BETWEEN_TRIES_MS = 2_000;

/** What was wrong with the verdicts on a world; empty lists are what one wants to see. */
export interface Findings {
  /** Missed although the job had pinged in time, or had tried to and got through soon. */
  readonly falseAlarms: readonly string[];
  readonly lostAlarms: readonly string[];
  /** Right, but pronounced later than the lease explains. */
  readonly lateAlarms: readonly string[];
  readonly otherFaults: readonly string[];
  /** How much there was to look at; `tooLate`: what only an ingest that came back from the dead showed to be wrong. */
  readonly counts: { readonly misses: number; readonly tooLate: number; readonly exact: number };
}

interface Stretch {
  readonly fromAt: number;
  readonly untilAt: number;
}

interface Miss {
  readonly at: number;
  readonly expectedAt: number;
  readonly decidedAt: number;
}

/**
 * Judges the judge: naive, in plain lists, from the true times of the pings. It shares no code with the fold. A job is
 * missed when no ping of it lies within one period and its grace after the one before, and then once for every
 * further period.
 */
export function judgeDecisions(
  world: RanWorld,
  decisions: readonly Decision[],
  pingCounts: readonly number[],
): Findings {
  const falseAlarms: string[] = [];
  const lostAlarms: string[] = [];
  const lateAlarms: string[] = [];
  const otherFaults = numberingFaults(decisions.map(({ verdict }) => verdict));
  const counts = { misses: 0, tooLate: 0, exact: 0 };
  for (const job of world.jobs) {
    const { check } = job;
    const misses = missesOf(world, decisions, check);
    const pings = world.truth.pings.filter((ping) => ping.check === check);
    counts.misses += misses.length;
    if (pings.length !== pingCounts[check]) {
      otherFaults.push(`check ${check}: ${pings.length} pings were taken, ${pingCounts[check]} were counted`);
    }
    for (const miss of misses) {
      const fault = contradiction(world, job, miss, pings);
      if (fault === 'too late') counts.tooLate += 1;
      else if (fault !== null) falseAlarms.push(`check ${check}: missed at ${miss.at}, but ${fault}`);
      if (isLate(world, miss)) lateAlarms.push(`check ${check}: ${miss.at} was decided at ${miss.decidedAt}`);
    }
    for (const { fromAt, untilAt } of undisturbed(world, check, pings)) {
      counts.exact += 1;
      const expected = missesBetween({ fromAt, untilAt }, job.periodMs, job.graceMs);
      const found = misses.map(({ at }) => at).filter((at) => at > fromAt && at < untilAt);
      const lost = expected.filter((at) => !found.includes(at));
      const invented = found.filter((at) => !expected.includes(at));
      lostAlarms.push(...lost.map((at) => `check ${check}: not missed at ${at}`));
      falseAlarms.push(...invented.map((at) => `check ${check}: missed at ${at}`));
    }
  }
  return { falseAlarms, lostAlarms, lateAlarms, otherFaults, counts };
}

function missesOf({ truth }: RanWorld, decisions: readonly Decision[], check: number): Miss[] {
  const id = truth.idOf(check);
  return decisions.flatMap(({ verdict, offset }) =>
    verdict.type === 'check.missed' && verdict.checkId === id
      ? [{ at: verdict.at, expectedAt: verdict.expectedAt ?? 0, decidedAt: truth.appendedAt[offset] ?? 0 }]
      : [],
  );
}

/** What speaks against a miss: a ping in time, or a client that was turned away and got through soon after. */
function contradiction(
  { truth }: RanWorld,
  job: { check: number; periodMs: number; graceMs: number },
  { at, expectedAt }: Miss,
  pings: readonly TruePing[],
): string | null {
  const sinceAt = at - job.graceMs - job.periodMs;
  const inTime = pings.filter(({ stampAt }) => stampAt > sinceAt && stampAt <= at);
  if (inTime.some(({ posthumous }) => !posthumous)) return 'it had pinged';
  if (inTime.length > 0) return 'too late';
  const turnedAway = truth.persistences.some(
    ({ check, triedAt, stampAt }) =>
      check === job.check &&
      triedAt > sinceAt &&
      triedAt <= expectedAt + job.graceMs - BETWEEN_TRIES_MS &&
      stampAt > at &&
      stampAt - triedAt <= PATIENCE_MS,
  );
  return turnedAway ? 'it was turned away' : null;
}

/** Time in which nobody could decide anything does not count. */
function isLate({ truth }: RanWorld, { at, decidedAt }: Miss): boolean {
  if (decidedAt - at <= DECISION_MAX_MS) return false;
  return !truth.undecidable.some((instantAt) => instantAt >= at - DECISION_MAX_MS && instantAt <= decidedAt);
}

/** From each ping to the next, where nobody was dead meanwhile: there the misses are known to the millisecond. */
function undisturbed(world: RanWorld, check: number, pings: readonly TruePing[]): Stretch[] {
  const stamps = pings.map(({ stampAt }) => stampAt).sort((left, right) => left - right);
  return stamps.flatMap((fromAt, index) => {
    const untilAt = Math.min(stamps[index + 1] ?? world.endAt, world.endAt);
    return fromAt < untilAt && !isDisturbed(world, check, { fromAt, untilAt }) ? [{ fromAt, untilAt }] : [];
  });
}

function isDisturbed({ truth }: RanWorld, check: number, stretch: Stretch): boolean {
  // What a posthumous ping meets may have been moved by the death of its ingest long before.
  const posthumous = truth.pings.some(
    (ping) =>
      ping.posthumous &&
      ping.check === check &&
      ping.stampAt >= stretch.fromAt - 150_000 &&
      ping.stampAt <= stretch.untilAt,
  );
  const dead = truth.disturbances.some(
    ({ fromAt, untilAt }) => fromAt <= stretch.untilAt && untilAt >= stretch.fromAt,
  );
  return posthumous || dead;
}

/** When a job is missed that pinged in the beginning and then no more; a ping at the deadline is in time. */
function missesBetween({ fromAt, untilAt }: Stretch, periodMs: number, graceMs: number): number[] {
  const misses: number[] = [];
  for (let at = fromAt + periodMs + graceMs; at < untilAt; at += periodMs) misses.push(at);
  return misses;
}

function numberingFaults(verdicts: readonly Verdict[]): string[] {
  const seqs = new Map<string, number>();
  return verdicts.flatMap((verdict, index) => {
    const faults = verdict.oseq === index + 1 ? [] : [`verdict ${index + 1} has number ${verdict.oseq}`];
    if (!('checkId' in verdict)) return faults;
    const seq = (seqs.get(verdict.checkId) ?? 0) + 1;
    seqs.set(verdict.checkId, seq);
    return verdict.seq === seq ? faults : [...faults, `${verdict.id} is number ${seq} of its check`];
  });
}
