import { rememberMiss, type OpenRun } from './check-memory.ts';
import type { CheckRow } from './check-row.ts';
import { expectAfter, isLateStillToTell, lateToldAt, rearm } from './expectation.ts';
import type { FoldStep } from './fold-step.ts';
import { isMassSilence, isWithinWindow, noteMissed } from './mass-silence.ts';
import { reportsCountAfter } from './next-slot.ts';
import type { PartitionState } from './partition-state.ts';
import { fail } from './report.ts';
import { maxRuntimeMs, runDueAt } from './run.ts';
import { takeBrokenThroughputs } from './throughput.ts';
import { isDownAfter, pronounce, remark } from './verdict.ts';

/** A timer came up: says late, missed, hung or too little, whichever is due at this very instant, and files the next. */
export function applyTimer(state: PartitionState, check: CheckRow, at: number, step: FoldStep): void {
  for (const run of check.runs) {
    const dueAt = runDueAt(run);
    if (dueAt !== null && dueAt <= at) applyHungRun(state, check, run, step);
  }
  applyThroughput(state, check, at, step);
  applyExpectation(state, check, at, step);
  rearm(check);
}

function applyExpectation(state: PartitionState, check: CheckRow, at: number, step: FoldStep): void {
  const { expectedAt, deadlineAt } = check;
  if (expectedAt === null || deadlineAt === null) return;
  const open = check.runs.find((run) => !run.hung && run.startedAt < expectedAt);
  const cause = {
    kind: 'deadline',
    lastPingOffset: check.lastPingOffset,
    graceMs: check.rules.graceMs,
    extendedByMs: Math.max(0, deadlineAt - expectedAt - check.rules.graceMs),
    openRunSinceAt: open?.startedAt ?? null,
  } as const;
  if (lateToldAt(check, expectedAt) <= at && isLateStillToTell(check)) {
    check.isLateTold = true;
    remark(state, check, step, {
      type: 'check.late',
      at: expectedAt,
      reason: 'expected_time_passed',
      cause,
    });
  }
  if (deadlineAt > at) return;
  check.missedInARow += 1;
  check.successesInARow = 0;
  const isDown = isDownAfter(state, check, check.missedInARow, check.rules.missedThreshold);
  noteMissed(state.massSilence, {
    at: deadlineAt,
    projectNo: check.projectNo,
    again: isMissedAgain(check, deadlineAt),
  });
  const { seq } = pronounce(state, check, step, {
    type: 'check.missed',
    at: deadlineAt,
    statusAfter: isDown ? 'down' : check.status,
    reason: open === undefined ? 'no_ping_by_deadline' : 'blocked_by_previous_run',
    cause,
    hold: check.rules.holdOnMassSilence && isMassSilence(state.massSilence),
  });
  rememberMiss(check.remember(), {
    seq,
    countsAfterAt: reportsCountAfter(check, expectedAt),
    deadlineAt,
    retracted: false,
  });
  // Counted from the slot that was missed, so that one miss follows another at the schedule's pace. A deadline that a
  // hole or a change had moved takes its slot along: slots between the two were nobody's to keep.
  expectAfter(state, check, Math.max(expectedAt, deadlineAt - check.rules.graceMs));
}

/** Whether the check was missed in the minute before as well, and so was counted there. */
function isMissedAgain({ memory }: CheckRow, at: number): boolean {
  const last = memory.misses.at(-1);
  return last !== undefined && isWithinWindow(last.deadlineAt, at);
}

function applyHungRun(state: PartitionState, check: CheckRow, run: OpenRun, step: FoldStep): void {
  const dueAt = runDueAt(run) ?? run.hungAt;
  const memory = check.remember();
  // Kept, so that an end that comes after all can be told from one of a run that nobody started.
  memory.runs = memory.runs.map((open) => (open === run ? { ...open, hung: true } : open));
  check.successesInARow = 0;
  const { rid, startedAt, lastSignAt } = run;
  const limitMs = maxRuntimeMs(check.rules);
  const extendedByMs = Math.max(0, run.hungAt - startedAt - limitMs);
  pronounce(state, check, step, {
    type: 'check.hung',
    at: dueAt,
    statusAfter: 'down',
    reason: dueAt < run.hungAt ? 'progress_stopped' : 'max_runtime_exceeded',
    cause: { kind: 'run', rid, startedAt, lastSignAt, maxRuntimeMs: limitMs, extendedByMs },
  });
}

function applyThroughput(state: PartitionState, check: CheckRow, at: number, step: FoldStep): void {
  if (check.memory.assertions.length === 0 || check.status === 'paused') return;
  for (const { assertion, observed } of takeBrokenThroughputs(check, at)) {
    const broken = [{ assertion, observed, limit: assertion.atLeast }];
    const cause = { kind: 'assertion', offset: null, n: null, broken } as const;
    const facts = { at, reason: 'throughput_too_low', cause } as const;
    if (assertion.severity === 'failed') fail(state, check, step, facts);
    else remark(state, check, step, { type: 'check.degraded', ...facts });
  }
}
