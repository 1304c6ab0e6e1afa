import type { CoverageHole } from '../../../libs/domain/src/event/transition.ts';
import { since, type Examined, type Finding, type Invariant } from './finding.ts';

/** Up to this length a hole gives its length to the deadlines that it meets; beyond it, they are void. */
const EXTENDING_HOLE_MS = 60_000;
/** Clocks that are off, and appends on their way. */
const SLACK_MS = 6_000;

/**
 * I6: time in which nobody listened is said to be such and judges nobody: no miss whose window meets a long hole, none
 * sooner than a short one allows, and a hole wherever no ingest ran, and only where none did.
 */
export const honesty: Invariant = (examined) => [...judgedInHoles(examined), ...unsaidHoles(examined)];

function holesOf({ refolds }: Examined, partition: number): CoverageHole[] {
  return (refolds[partition]?.pronounced ?? []).flatMap(({ verdict }) =>
    verdict.type === 'coverage.hole' ? [verdict] : [],
  );
}

function judgedInHoles(examined: Examined): Finding[] {
  const { world, byCheck } = examined;
  const holes = world.logs.map((_, partition) => holesOf(examined, partition));
  return [...byCheck].flatMap(([checkId, list]) => {
    if (world.truth.changesAsked.filter((change) => change.checkId === checkId).length > 1) return [];
    const graceMs =
      world.plan.checks.find(({ definition }) => definition.checkId === checkId)?.definition.graceMs ?? 0;
    return list.flatMap(({ verdict, partition }): Finding[] => {
      const { type, expectedAt, at } = verdict;
      if (type !== 'check.missed' || expectedAt === null) return [];
      const met = holes[partition]?.find(({ fromAt, untilAt }) => {
        const lengthMs = untilAt - fromAt;
        const dueAt = expectedAt + graceMs;
        if (expectedAt >= untilAt || dueAt < fromAt) return false;
        return lengthMs > EXTENDING_HOLE_MS || at < dueAt + lengthMs;
      });
      if (met === undefined) return [];
      const what = `${verdict.id} missed at ${since(world, at)}, though nobody listened from ${since(world, met.fromAt)} to ${since(world, met.untilAt)}`;
      return [{ invariant: 'I6', what }];
    });
  });
}

/** Compares the holes that were told with the times at which ingests really counted. */
function unsaidHoles(examined: Examined): Finding[] {
  const { world } = examined;
  return world.logs.flatMap((_, partition) => {
    const told = holesOf(examined, partition);
    return world.truth.deserted.flatMap(({ fromAt, untilAt }) => {
      // Stamps go on until the last ping of the one that died, and begin with the one that joins.
      // Who comes back before the lease has told that everybody is dead finds them still counted; that is a soft hole.
      const { leaseMs, lookMs } = world.plan.pace;
      if (untilAt - fromAt < Math.max(SLACK_MS * 2, leaseMs + lookMs * 2)) return [];
      // A hole is told when somebody joins again; one at the end of the world never is.
      const lanes = [...(world.truth.partitions[partition]?.lanes.values() ?? [])];
      const isOver = lanes.some(({ joins }) => joins.some((at) => at >= untilAt - SLACK_MS));
      const covered = !isOver || coveredUntil(told, fromAt + SLACK_MS) >= untilAt - SLACK_MS;
      const what = `partition ${partition}: nobody ran from ${since(world, fromAt)} to ${since(world, untilAt)}, and no hole says so`;
      return covered ? [] : [{ invariant: 'I6', what }];
    });
  });
}

/** How far holes reach from an instant on; between two of them somebody may have listened for a moment. */
function coveredUntil(holes: readonly CoverageHole[], fromAt: number): number {
  let at = fromAt;
  for (const { fromAt: begins, untilAt } of holes) {
    if (begins <= at + SLACK_MS && untilAt > at) at = untilAt;
  }
  return at;
}
