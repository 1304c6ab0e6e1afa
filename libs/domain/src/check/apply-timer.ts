import type { CheckState, OpenRun } from './check-state.ts';
import { expectAfter, isLateStillToTell, rearm } from './expectation.ts';
import type { FoldStep } from './fold-step.ts';
import type { PartitionState } from './partition-state.ts';
import type { Timer } from './timer-queue.ts';
import { pronounce } from './verdict.ts';

/** A timer came up: says late, missed or hung, whichever is due at this very instant, and files the next timer. */
export function applyTimer(state: PartitionState, timer: Timer, step: FoldStep): void {
  const check = state.checks.get(timer.checkId);
  if (check === undefined || check.timerGeneration !== timer.generation) return;
  check.filedAt = null;
  for (const run of check.runs.filter((open) => open.hungAt <= timer.at))
    applyHungRun(state, check, run, step);
  applyExpectation(state, check, timer.at, step);
  rearm(state, check);
}

function applyExpectation(state: PartitionState, check: CheckState, at: number, step: FoldStep): void {
  const { expectedAt, deadlineAt } = check;
  if (expectedAt === null || deadlineAt === null) return;
  const cause = {
    kind: 'deadline',
    lastPingOffset: check.lastPingOffset,
    graceMs: check.definition.graceMs,
  } as const;
  if (expectedAt <= at && isLateStillToTell(check)) {
    check.lateForAt = expectedAt;
    const statusAfter = check.status;
    pronounce(state, check, step, {
      type: 'check.late',
      at: expectedAt,
      statusAfter,
      reason: 'expected_time_passed',
      cause,
    });
  }
  if (deadlineAt > at) return;
  check.missedInARow += 1;
  check.successesInARow = 0;
  const down = check.status === 'down' || check.missedInARow >= check.definition.missedThreshold;
  const statusAfter = down ? 'down' : check.status;
  pronounce(state, check, step, {
    type: 'check.missed',
    at: deadlineAt,
    statusAfter,
    reason: 'no_ping_by_deadline',
    cause,
  });
  // Counted from the slot that was missed, so that one miss follows another at the schedule's pace. A deadline that a
  // hole or a change had moved takes its slot along: slots between the two were nobody's to keep.
  expectAfter(state, check, Math.max(expectedAt, deadlineAt - check.definition.graceMs));
}

function applyHungRun(state: PartitionState, check: CheckState, run: OpenRun, step: FoldStep): void {
  check.runs = check.runs.filter((open) => open !== run);
  check.successesInARow = 0;
  pronounce(state, check, step, {
    type: 'check.hung',
    at: run.hungAt,
    statusAfter: 'down',
    reason: 'max_runtime_exceeded',
    cause: { kind: 'run', rid: run.rid, startedAt: run.startedAt, maxRuntimeMs: run.hungAt - run.startedAt },
  });
}
