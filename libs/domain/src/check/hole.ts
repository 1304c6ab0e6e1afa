import type { TransitionReason } from '../event/transition.ts';
import type { OpenRun } from './check-memory.ts';
import type { CheckRow } from './check-row.ts';
import { expectAfter, extendExpectation, meetsExpectation, rearm } from './expectation.ts';
import type { FoldStep } from './fold-step.ts';
import type { PartitionState } from './partition-state.ts';
import { extendedRun, runDueAt, unwatchedRun } from './run.ts';
import type { Stretch } from './stretch.ts';
import { restartThroughputs } from './throughput.ts';
import { pronounce } from './verdict.ts';

/**
 * Up to this length a hole only moves deadlines: a job that was refused for a minute gets that minute back.
 * Beyond it nobody can tell what the job did, and the expectation is void.
 */
export const EXTENDING_HOLE_MS = 60_000;

/** A dead ingest's clients get twice the lease to come back by another one, at most this long. */
const SOFT_HOLE_EXTENSION_MS = 60_000;

/** Deadlines that meet several stretches are moved by each of them; ten of the longest in a row are unheard of. */
const MOVED_AT_MOST_MS = 10 * SOFT_HOLE_EXTENSION_MS;

/** One check with a grace of a year would keep the holes of a year, and every expectation looks at them all. */
const KEPT_MAX = 128;

/** Nobody listened from `fromAt` until `untilAt`: says so, and takes back what could not be judged. */
export function applyHole(state: PartitionState, stretch: Stretch, step: FoldStep): void {
  tellHole(state, stretch, 'not_listening', step);
}

/** Somebody says that pings were lost on their way to us: what is still to be judged of that time is not. */
export function applySuspectedHole(state: PartitionState, stretch: Stretch, step: FoldStep): void {
  if (stretch.untilAt > stretch.fromAt) tellHole(state, stretch, 'coverage_suspect', step);
}

function tellHole(
  state: PartitionState,
  stretch: Stretch,
  reason: 'not_listening' | 'coverage_suspect',
  step: FoldStep,
): void {
  const { fromAt, untilAt } = stretch;
  const lengthMs = untilAt - fromAt;
  state.oseq += 1;
  step.tell({
    v: 1,
    type: 'coverage.hole',
    id: `partition-${state.partition}:${state.oseq}`,
    partition: state.partition,
    oseq: state.oseq,
    at: untilAt,
    fromAt,
    untilAt,
  });
  if (!state.switches.holesVoid) return;
  const isShort = lengthMs <= EXTENDING_HOLE_MS;
  if (isShort) keep(state, stretch, lengthMs);
  for (const check of state.checks.inOrder()) {
    restart(check, untilAt);
    if (isShort) extend(check, stretch, lengthMs);
    else voidExpectation(state, check, { ...stretch, reason }, step);
    rearm(check);
    step.touch(check.checkId);
  }
}

/**
 * Keeps a stretch for the expectations that are still to be made: of pings that wait in the buffer, and of slots that
 * come up one after the other where the grace is longer than the gap between them.
 */
function keep(state: PartitionState, { fromAt, untilAt }: Stretch, extensionMs: number): void {
  const keptUntilAt = untilAt + state.checks.store.rules.longestGraceMs() + MOVED_AT_MOST_MS;
  const kept = [...state.softHoles, { fromAt, untilAt, extensionMs, keptUntilAt }];
  state.softHoles = kept.slice(-KEPT_MAX);
}

/**
 * One of several ingests died: deadlines between its last watermark and now may have lost their ping with it.
 */
export function applySoftHole(
  state: PartitionState,
  stretch: Stretch,
  leaseMs: number,
  step: FoldStep,
): void {
  if (stretch.untilAt <= stretch.fromAt || !state.switches.softHoles) return;
  const extensionMs = Math.min(leaseMs * 2, SOFT_HOLE_EXTENSION_MS);
  keep(state, stretch, extensionMs);
  for (const check of state.checks.inOrder()) {
    restart(check, stretch.untilAt);
    extend(check, stretch, extensionMs);
    rearm(check);
    step.touch(check.checkId);
  }
}

function restart(check: CheckRow, atMs: number): void {
  if (check.memory.assertions.length > 0) restartThroughputs(check.remember(), atMs);
}

function extend(check: CheckRow, stretch: Stretch, byMs: number): void {
  extendExpectation(check, stretch, byMs);
  extendRuns(check, stretch, byMs);
}

function extendRuns(check: CheckRow, stretch: Stretch, byMs: number): void {
  if (check.runs.length === 0) return;
  const memory = check.remember();
  memory.runs = memory.runs.map((run) => extendedRun(run, stretch, byMs));
}

function voidExpectation(
  state: PartitionState,
  check: CheckRow,
  hole: Stretch & { readonly reason: TransitionReason },
  step: FoldStep,
): void {
  const { fromAt, untilAt, reason } = hole;
  const isRunVoid = voidRuns(check, hole);
  const isMet = meetsExpectation(check, hole);
  // A check that was down stays down: its silence was established before the hole.
  if ((isMet || isRunVoid) && check.status === 'up') {
    const cause = { kind: 'hole', fromAt, untilAt } as const;
    pronounce(state, check, step, {
      type: 'check.unknown',
      at: untilAt,
      statusAfter: 'unknown',
      reason,
      cause,
    });
  }
  // A window that was open in the hole is void as a whole, also where it closes after it.
  if (isMet) expectAfter(state, check, Math.max(untilAt, check.expectedAt ?? 0));
}

/** Runs whose end may have been lost in the hole are watched no more, but an end that comes is still theirs. */
function voidRuns(check: CheckRow, { fromAt, untilAt }: Stretch): boolean {
  const isVoid = (run: OpenRun): boolean => {
    const dueAt = runDueAt(run);
    return dueAt !== null && dueAt >= fromAt && run.startedAt < untilAt;
  };
  if (!check.runs.some(isVoid)) return false;
  const memory = check.remember();
  memory.runs = memory.runs.map((run) => (isVoid(run) ? unwatchedRun(run) : run));
  return true;
}
