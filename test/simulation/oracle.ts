import type { CheckTransition, Verdict } from '../../libs/domain/src/event/transition.ts';
import type { RanWorld } from './world.ts';

/** What a disturbance may move a deadline by: sixty seconds of a hole, and twice the lease for each of four dead. */
const MOVED_MAX_MS = 150_000;

/** What was wrong with the verdicts on a world; two empty lists are what one wants to see. */
export interface Findings {
  readonly falseAlarms: readonly string[];
  readonly lostAlarms: readonly string[];
  readonly otherFaults: readonly string[];
  /** Misses that the log proves right, and what a posthumous ping showed to be wrong too late. */
  readonly counts: { readonly misses: number; readonly tooLate: number; readonly exact: number };
}

/**
 * Judges the judge: naive, in plain sorted lists, from the true times of the pings. It shares no code with the fold.
 * A job is missed when no ping of it lies within one period and its grace after the one before, and then once for
 * every further period.
 */
export function judgeVerdicts(
  world: RanWorld,
  verdicts: readonly Verdict[],
  pingCounts: readonly number[],
): Findings {
  const falseAlarms: string[] = [];
  const lostAlarms: string[] = [];
  const otherFaults = [...numberingFaults(verdicts)];
  const counts = { misses: 0, tooLate: 0, exact: 0 };
  for (const { check, periodMs, graceMs } of world.jobs) {
    const id = world.truth.idOf(check);
    const own = verdicts.filter(
      (verdict): verdict is CheckTransition => 'checkId' in verdict && verdict.checkId === id,
    );
    const missedAt = own.flatMap(({ type, at }) => (type === 'check.missed' ? [at] : []));
    const pings = world.truth.pings.filter((ping) => ping.check === check);
    counts.misses += missedAt.length;
    if (pings.length !== pingCounts[check]) {
      otherFaults.push(`check ${check}: ${pings.length} pings were taken, ${pingCounts[check]} were counted`);
    }
    for (const at of missedAt) {
      const contrary = pings.filter(({ stampAt }) => stampAt > at - graceMs - periodMs && stampAt <= at);
      if (contrary.some(({ posthumous }) => !posthumous)) falseAlarms.push(`check ${check}: missed at ${at}`);
      else if (contrary.length > 0) counts.tooLate += 1;
    }
    const stamps = [...pings.map(({ stampAt }) => stampAt), world.endAt].sort((left, right) => left - right);
    for (const [index, fromAt] of stamps.slice(0, -1).entries()) {
      const untilAt = stamps[index + 1] ?? world.endAt;
      if (isDisturbed(world, check, { fromAt, untilAt })) continue;
      counts.exact += 1;
      const last = index === stamps.length - 2;
      const expected = missesBetween(fromAt, last ? untilAt - 2_000 : untilAt, periodMs, graceMs);
      const found = missedAt.filter((at) => at > fromAt && at < untilAt);
      for (const at of expected)
        if (!found.includes(at)) lostAlarms.push(`check ${check}: not missed at ${at}`);
      if (!last && found.length > expected.length)
        falseAlarms.push(`check ${check}: ${found.length} misses after ${fromAt}`);
    }
  }
  return { falseAlarms, lostAlarms, otherFaults, counts };
}

/** When a job is missed that pinged at `fromAt` and then not before `untilAt`; a ping at the deadline is in time. */
function missesBetween(fromAt: number, untilAt: number, periodMs: number, graceMs: number): number[] {
  const misses: number[] = [];
  for (let at = fromAt + periodMs + graceMs; at < untilAt; at += periodMs) misses.push(at);
  return misses;
}

/** Whether somebody was dead in this stretch, or so shortly before it that deadlines may still be moved by it. */
function isDisturbed(
  { truth }: RanWorld,
  check: number,
  stretch: { fromAt: number; untilAt: number },
): boolean {
  const posthumous = truth.pings.some(
    (ping) =>
      ping.posthumous &&
      ping.check === check &&
      ping.stampAt >= stretch.fromAt - MOVED_MAX_MS &&
      ping.stampAt <= stretch.untilAt,
  );
  return (
    posthumous ||
    truth.disturbances.some(({ fromAt, untilAt }) => fromAt <= stretch.untilAt && untilAt >= stretch.fromAt)
  );
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
