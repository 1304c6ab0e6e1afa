import { nextSlotAfter } from '../schedule/schedule.ts';
import { maxRuntimeMs, type CheckState, type OpenRun } from './check-state.ts';
import type { PartitionState } from './partition-state.ts';
import { pushTimer } from './timer-queue.ts';

/** Expects the next success after `atMs`: one period later, or at the next slot of the schedule. */
export function expectAfter(state: PartitionState, check: CheckState, atMs: number): void {
  expectAt(state, check, nextSlotAfter(check.schedule, atMs));
}

/**
 * Expects the next success after a report. Never sooner than expected already (a late ping must not move a deadline
 * back, nor take from it what a hole gave), and never before `notBeforeAt`: the pings that followed a late one may be
 * right behind it in the log, and must be read before anybody calls them missing.
 */
export function expectNext(
  state: PartitionState,
  check: CheckState,
  nextAt: number | null,
  notBeforeAt: number,
): void {
  if (nextAt !== null && check.expectedAt !== null && nextAt <= check.expectedAt) return;
  if (nextAt !== null && nextAt <= notBeforeAt) expectAfter(state, check, notBeforeAt);
  else expectAt(state, check, nextAt);
}

/** Expects a success at `expectedAt` (null: nothing is expected any more), and later where the log says why. */
export function expectAt(state: PartitionState, check: CheckState, expectedAt: number | null): void {
  check.expectedAt = expectedAt;
  check.deadlineAt = expectedAt === null ? null : expectedAt + check.definition.graceMs;
  for (const softHole of state.softHoles) extendExpectation(check, softHole, softHole.extensionMs);
}

/** A stretch of time, from the first instant to before the last. */
export interface Stretch {
  readonly fromAt: number;
  readonly untilAt: number;
}

/** Whether the time between the expected instant and the deadline meets the stretch. */
export function meetsExpectation(check: CheckState, { fromAt, untilAt }: Stretch): boolean {
  if (check.expectedAt === null || check.deadlineAt === null) return false;
  return check.expectedAt < untilAt && check.deadlineAt >= fromAt;
}

/** Moves the deadline, if the job was to come in this stretch. */
export function extendExpectation(check: CheckState, stretch: Stretch, byMs: number): void {
  if (meetsExpectation(check, stretch) && check.deadlineAt !== null) check.deadlineAt += byMs;
}

/** When a run may be called hung, if its end was to come in this stretch; else as before. */
export function extendedHungAt(run: OpenRun, { fromAt, untilAt }: Stretch, byMs: number): number {
  return run.startedAt < untilAt && run.hungAt >= fromAt ? run.hungAt + byMs : run.hungAt;
}

/** Expects nothing and watches no run, as for a paused check. */
export function expectNothing(check: CheckState): void {
  check.expectedAt = null;
  check.deadlineAt = null;
  check.runs = [];
}

/**
 * Opens a run that is not hung before `notBeforeAt`, for the end of a late one may be right behind it in the log. A
 * start with the id of an open run takes its place, unless it is the older of the two.
 */
export function openRun(
  state: PartitionState,
  check: CheckState,
  start: Omit<OpenRun, 'hungAt'>,
  notBeforeAt: number,
): void {
  const { rid, startedAt } = start;
  if (check.runs.some((run) => run.rid === rid && run.startedAt > startedAt)) return;
  const others = check.runs.filter((run) => run.rid !== rid);
  const due = { rid, startedAt, hungAt: startedAt + maxRuntimeMs(check.definition) };
  const hungAt = state.softHoles.reduce(
    (at, hole) => extendedHungAt({ ...due, hungAt: at }, hole, hole.extensionMs),
    due.hungAt,
  );
  check.runs = [...others, { ...due, hungAt: Math.max(hungAt, notBeforeAt) }];
  check.lastStartAt = Math.max(startedAt, check.lastStartAt ?? 0);
}

/** The next instant at which this check needs looking at, or null. */
export function nextTimerAt(check: CheckState): number | null {
  const due = check.runs.map((run) => run.hungAt);
  if (check.deadlineAt !== null) due.push(check.deadlineAt);
  if (check.expectedAt !== null && isLateStillToTell(check)) due.push(check.expectedAt);
  return due.length === 0 ? null : due.reduce((least, at) => (at < least ? at : least));
}

/** Lateness is told once per expectation, of checks that were fine, and only if there is a grace to be late in. */
export function isLateStillToTell(check: CheckState): boolean {
  if (check.expectedAt === null || check.lateForAt === check.expectedAt) return false;
  return check.definition.graceMs > 0 && (check.status === 'up' || check.status === 'unknown');
}

/**
 * Files the check's next timer. To be called after every change of its expectation or its runs. Lazy: pings nearly
 * always move the deadline later, so an entry that comes up earlier than needed is left where it is and files the
 * check again when it does; only an earlier timer needs a new entry, and makes the old one stale.
 */
export function rearm(state: PartitionState, check: CheckState): void {
  const at = nextTimerAt(check);
  if (at === null || (check.filedAt !== null && check.filedAt <= at)) return;
  check.timerGeneration += 1;
  check.filedAt = at;
  pushTimer(state.timers, { at, checkId: check.definition.checkId, generation: check.timerGeneration });
}
