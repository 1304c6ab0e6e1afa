import type { CheckState } from './check-state.ts';
import { expectAfter, rearm } from './expectation.ts';
import type { FoldStep } from './fold-step.ts';
import type { PartitionState } from './partition-state.ts';
import { pronounce } from './verdict.ts';

/**
 * Up to this length a hole only moves deadlines: a job that was refused for a minute gets that minute back.
 * Beyond it nobody can tell what the job did, and the expectation is void.
 */
const EXTENDING_HOLE_MS = 60_000;

/** A dead ingest's clients get twice the lease to come back by another one, at most this long. */
const SOFT_HOLE_EXTENSION_MS = 60_000;

/** A stretch of time, from the first instant to before the last. */
export interface Stretch {
  readonly fromAt: number;
  readonly untilAt: number;
}

/** Nobody listened from `fromAt` until `untilAt`: says so, and takes back what could not be judged. */
export function applyHole(state: PartitionState, stretch: Stretch, step: FoldStep): void {
  const { fromAt, untilAt } = stretch;
  const lengthMs = untilAt - fromAt;
  state.oseq += 1;
  step.verdicts.push({
    v: 1,
    type: 'coverage.hole',
    id: `partition-${state.partition}:${state.oseq}`,
    partition: state.partition,
    oseq: state.oseq,
    at: untilAt,
    fromAt,
    untilAt,
  });
  for (const check of inOrder(state)) {
    if (lengthMs <= EXTENDING_HOLE_MS) extend(check, stretch, lengthMs);
    else voidExpectation(state, check, stretch, step);
    rearm(state, check);
    step.touched.add(check.definition.checkId);
  }
}

/** One of several ingests died: deadlines between its last watermark and now may have lost their ping with it. */
export function applySoftHole(
  state: PartitionState,
  stretch: Stretch,
  leaseMs: number,
  step: FoldStep,
): void {
  if (stretch.untilAt <= stretch.fromAt) return;
  for (const check of inOrder(state)) {
    extend(check, stretch, Math.min(leaseMs * 2, SOFT_HOLE_EXTENSION_MS));
    rearm(state, check);
    step.touched.add(check.definition.checkId);
  }
}

function extend(check: CheckState, stretch: Stretch, byMs: number): void {
  if (meetsExpectation(check, stretch) && check.deadlineAt !== null) check.deadlineAt += byMs;
  extendRuns(check, stretch, byMs);
}

function extendRuns(check: CheckState, { fromAt, untilAt }: Stretch, byMs: number): void {
  check.runs = check.runs.map((run) =>
    run.startedAt < untilAt && run.hungAt >= fromAt ? { ...run, hungAt: run.hungAt + byMs } : run,
  );
}

function voidExpectation(state: PartitionState, check: CheckState, stretch: Stretch, step: FoldStep): void {
  extendRuns(check, stretch, stretch.untilAt - stretch.fromAt);
  if (!meetsExpectation(check, stretch)) return;
  // A check that was down stays down: its silence was established before the hole.
  if (check.status === 'up') {
    pronounce(state, check, step, {
      type: 'check.unknown',
      at: stretch.untilAt,
      statusAfter: 'unknown',
      reason: 'not_listening',
      cause: { kind: 'hole', fromAt: stretch.fromAt, untilAt: stretch.untilAt },
    });
  }
  expectAfter(check, stretch.untilAt);
}

/** Whether the time between the expected instant and the deadline meets the stretch. */
function meetsExpectation(check: CheckState, { fromAt, untilAt }: Stretch): boolean {
  if (check.expectedAt === null || check.deadlineAt === null) return false;
  return check.expectedAt < untilAt && check.deadlineAt >= fromAt;
}

/** By id, so that the order of configuration never shows in the numbers. */
function inOrder(state: PartitionState): CheckState[] {
  return [...state.checks.values()].sort((left, right) =>
    left.definition.checkId < right.definition.checkId ? -1 : 1,
  );
}
