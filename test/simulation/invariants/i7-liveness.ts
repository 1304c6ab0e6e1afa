import { since, type Examined, type Finding, type Invariant } from './finding.ts';

/** Clocks that are off, on both sides. */
const SKEW_MS = 5_000;
/** An evaluator that is awake reads, folds and appends within so long. */
const WRITTEN_WITHIN_MS = 3_000;

/**
 * I7: with an ingest that counts, a log that takes appends and an evaluator that is awake, a miss is decided within the
 * lease of the slowest ingest after its deadline, and written soon after it was decided.
 */
export const liveness: Invariant = (examined) => [...decidedInTime(examined), ...writtenInTime(examined)];

function limitOf({ world: { plan } }: Examined): number {
  const { leaseMs, lookMs, tickMs } = plan.pace;
  return leaseMs + lookMs * 3 + tickMs * 2 + SKEW_MS;
}

function decidedInTime(examined: Examined): Finding[] {
  const { world, byCheck } = examined;
  const limitMs = limitOf(examined);
  return [...byCheck.values()].flat().flatMap(({ verdict, partition, decidedAt }) => {
    if (verdict.type !== 'check.missed' && verdict.type !== 'check.hung') return [];
    if (decidedAt - verdict.at <= limitMs) return [];
    const excused = wasUndecidable(examined, partition, { fromAt: verdict.at - limitMs, untilAt: decidedAt });
    const what = `${verdict.id} ${verdict.type} of ${since(world, verdict.at)} was decided at ${since(world, decidedAt)}`;
    return excused ? [] : [{ invariant: 'I7', what }];
  });
}

function writtenInTime(examined: Examined): Finding[] {
  const { world, refolds } = examined;
  // Whether an evaluator was awake is only known from look to look, and in a sparse world these are far apart.
  const withinMs = world.plan.sparse ? world.plan.pace.lookMs * 2 : WRITTEN_WITHIN_MS;
  return world.logs.flatMap(({ written, appendedAt }, partition) => {
    const firstAt = new Map<number, number>();
    for (const { verdict, at } of written) if (!firstAt.has(verdict.oseq)) firstAt.set(verdict.oseq, at);
    return (refolds[partition]?.pronounced ?? []).flatMap(({ verdict, offset }) => {
      const decidedAt = appendedAt[offset] ?? 0;
      const writtenAt = firstAt.get(verdict.oseq) ?? Infinity;
      if (writtenAt - decidedAt <= withinMs) return [];
      const lookBackMs = world.plan.pace.tickMs * 2 + withinMs;
      const span = { fromAt: decidedAt - lookBackMs, untilAt: Math.min(writtenAt, decidedAt + lookBackMs) };
      if (wasUndecidable(examined, partition, span) || world.plan.faults.evaluatorPauseMs !== null) return [];
      const what = `${verdict.id} was decided at ${since(world, decidedAt)} and written at ${since(world, writtenAt)}`;
      return [{ invariant: 'I7', what }];
    });
  });
}

function wasUndecidable(
  { world }: Examined,
  partition: number,
  { fromAt, untilAt }: { fromAt: number; untilAt: number },
): boolean {
  const { undecidable = [] } = world.truth.partitions[partition] ?? {};
  return undecidable.some((at) => at >= fromAt && at <= untilAt);
}
