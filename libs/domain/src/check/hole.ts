import type { CheckState } from './check-state.ts';
import {
  expectAfter,
  extendExpectation,
  extendedHungAt,
  meetsExpectation,
  rearm,
  type Stretch,
} from './expectation.ts';
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

/**
 * One of several ingests died: deadlines between its last watermark and now may have lost their ping with it. Those
 * that pings yet to be released will set are met as well, so the stretch is kept until the clock has passed it.
 */
export function applySoftHole(
  state: PartitionState,
  stretch: Stretch,
  leaseMs: number,
  step: FoldStep,
): void {
  if (stretch.untilAt <= stretch.fromAt) return;
  const extensionMs = Math.min(leaseMs * 2, SOFT_HOLE_EXTENSION_MS);
  state.softHoles.push({ ...stretch, extensionMs });
  for (const check of inOrder(state)) {
    extend(check, stretch, extensionMs);
    rearm(state, check);
    step.touched.add(check.definition.checkId);
  }
}

function extend(check: CheckState, stretch: Stretch, byMs: number): void {
  extendExpectation(check, stretch, byMs);
  extendRuns(check, stretch, byMs);
}

function extendRuns(check: CheckState, stretch: Stretch, byMs: number): void {
  check.runs = check.runs.map((run) => ({ ...run, hungAt: extendedHungAt(run, stretch, byMs) }));
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
  expectAfter(state, check, stretch.untilAt);
}

/** By id, so that the order of configuration never shows in the numbers. */
function inOrder(state: PartitionState): CheckState[] {
  return [...state.checks.values()].sort((left, right) =>
    left.definition.checkId < right.definition.checkId ? -1 : 1,
  );
}
