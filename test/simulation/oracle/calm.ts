import type { PartitionTruth, Span } from '../truth.ts';
import type { RanWorld } from '../world.ts';

/** A clock that is off, and an append on its way. */
const BEFORE_MS = 6_000;

/**
 * When somebody may have been refused or judged dead on a partition: whenever one of its ingests appended nothing for
 * nearly as long as makes it join anew, and whenever one joined. Naive: it looks at the times of appends alone.
 */
export function disturbancesOf({ plan, endAt }: RanWorld, truth: PartitionTruth): Span[] {
  const { silenceMs, marginMs } = plan.pace;
  const spans: Span[] = [{ fromAt: 0, untilAt: plan.startAt + marginMs }];
  for (const { appends, joins } of truth.lanes.values()) {
    const sorted = [...appends].sort((left, right) => left - right);
    let before = plan.startAt;
    for (const at of [...sorted, Infinity]) {
      if (at - before > silenceMs * 0.8) {
        spans.push({ fromAt: before - BEFORE_MS, untilAt: at + marginMs });
      }
      before = at;
    }
    for (const at of joins) {
      const heardAt = sorted.findLast((append) => append < at) ?? at;
      spans.push({ fromAt: heardAt - BEFORE_MS, untilAt: at + marginMs });
    }
  }
  for (const { appendedAt } of truth.zoneVersions) {
    spans.push({ fromAt: appendedAt - BEFORE_MS, untilAt: appendedAt + marginMs });
  }
  return merged(spans).filter(({ fromAt }) => fromAt < endAt);
}

/** What disturbs one check besides: its configuration changed, or a ping of it came from an ingest thought dead. */
export function disturbancesOfCheck(
  { plan, truth: world }: RanWorld,
  truth: PartitionTruth,
  checkId: string,
): Span[] {
  const { marginMs } = plan.pace;
  const asked = world.changesAsked.filter((change) => change.checkId === checkId);
  const changes = truth.changes.filter((change) => change.checkId === checkId);
  const changing = asked.map(({ at }, index) => ({
    // In force from what the clock says at its place in the log, and that may lag.
    fromAt: at - marginMs,
    untilAt: (changes[index]?.appendedAt ?? Infinity) + marginMs,
  }));
  const late = truth.pings
    .filter(({ ping, posthumous }) => posthumous && ping.checkId === checkId)
    .map(({ stampAt, appendedAt }) => ({ fromAt: stampAt - BEFORE_MS, untilAt: appendedAt + marginMs }));
  return [...changing, ...late];
}

/** Spans that meet or touch become one; in the order of time. */
export function merged(spans: readonly Span[]): Span[] {
  const result: { fromAt: number; untilAt: number }[] = [];
  for (const { fromAt, untilAt } of [...spans].sort((left, right) => left.fromAt - right.fromAt)) {
    const last = result.at(-1);
    if (last !== undefined && fromAt <= last.untilAt) last.untilAt = Math.max(last.untilAt, untilAt);
    else result.push({ fromAt, untilAt });
  }
  return result;
}

/** What lies between merged spans, up to the end. */
export function between(spans: readonly Span[], endAt: number): Span[] {
  return spans.flatMap(({ untilAt }, index) => {
    const nextAt = Math.min(spans[index + 1]?.fromAt ?? endAt, endAt);
    return untilAt < nextAt ? [{ fromAt: untilAt, untilAt: nextAt }] : [];
  });
}
