import { nextSlotAfter, slotBeginsAt } from '../schedule/schedule.ts';
import type { CheckRow } from './check-row.ts';
import type { PartitionState } from './partition-state.ts';
import { runDueAt } from './run.ts';
import type { Stretch } from './stretch.ts';
import { throughputDueAt } from './throughput.ts';

/** Expects the next success after `atMs`: one period later, or at the next slot of the schedule. */
export function expectAfter(state: PartitionState, check: CheckRow, atMs: number): void {
  expectAt(state, check, nextSlotAfter(check.schedule, atMs));
}

/**
 * Expects the next success at `nextAt`, but never before the expectation that stands (a late ping must not move it
 * back, nor take from it what a hole gave), and never before `notBeforeAt`: the pings that followed a late one may be
 * right behind it in the log, and must be read before anybody calls them missing.
 */
export function expectNext(
  state: PartitionState,
  check: CheckRow,
  nextAt: number | null,
  notBeforeAt: number,
): void {
  if (nextAt !== null && check.expectedAt !== null && nextAt <= check.expectedAt) return;
  if (nextAt !== null && nextAt <= notBeforeAt) expectAfter(state, check, notBeforeAt);
  else expectAt(state, check, nextAt);
}

/** Expects a success at `expectedAt` (null: nothing is expected any more), and later where the log says why. */
export function expectAt(state: PartitionState, check: CheckRow, expectedAt: number | null): void {
  if (expectedAt !== check.expectedAt) {
    check.isLateTold = false;
    check.isEarlyTold = false;
  }
  check.expectedAt = expectedAt;
  check.deadlineAt = expectedAt === null ? null : expectedAt + check.rules.graceMs;
  for (const softHole of state.softHoles) extendExpectation(check, softHole, softHole.extensionMs);
}

/** Whether the time in which the job was to come, up to the deadline, meets the stretch. */
export function meetsExpectation(check: CheckRow, { fromAt, untilAt }: Stretch): boolean {
  const { expectedAt, deadlineAt } = check;
  if (expectedAt === null || deadlineAt === null || deadlineAt < fromAt) return false;
  return slotBeginsAt(check.schedule, expectedAt) < untilAt;
}

/** Moves the deadline, if the job was to come in this stretch. */
export function extendExpectation(check: CheckRow, stretch: Stretch, byMs: number): void {
  if (meetsExpectation(check, stretch) && check.deadlineAt !== null) check.deadlineAt += byMs;
}

/** Expects nothing and watches no run, as for a paused check. */
export function expectNothing(check: CheckRow): void {
  check.expectedAt = null;
  check.deadlineAt = null;
  check.forget(true);
}

/**
 * A job that is asked for every minute comes some milliseconds early or late by turns, and half of its pings would be
 * called late. So it is told only when this much more has passed (or half of the grace), with the expected time's stamp.
 */
const LATE_JITTER_MS = 500;

/** When lateness is told, if nothing comes until then. */
export function lateToldAt(check: CheckRow, expectedAt: number): number {
  return expectedAt + Math.min(LATE_JITTER_MS, check.rules.graceMs / 2);
}

/** Lateness is told once per expectation, of checks that were fine, and only if there is a grace to be late in. */
export function isLateStillToTell(check: CheckRow): boolean {
  if (check.isLateTold || (check.status !== 'up' && check.status !== 'unknown')) return false;
  return check.expectedAt !== check.deadlineAt;
}

/** The next instant at which this check needs looking at; Infinity when there is none. */
function nextTimerAt(check: CheckRow): number {
  const { expectedAt, deadlineAt, memory } = check;
  let at = deadlineAt ?? Infinity;
  if (expectedAt !== null && isLateStillToTell(check)) at = Math.min(at, lateToldAt(check, expectedAt));
  for (const run of memory.runs) at = Math.min(at, runDueAt(run) ?? Infinity);
  return memory.assertions.length === 0 ? at : Math.min(at, throughputDueAt(check) ?? Infinity);
}

/**
 * Files the check's next timer. To be called after every change of its expectation or its runs. Lazy: pings nearly
 * always move the deadline later, so an entry that comes up earlier than needed is left where it is and files the
 * check again when it does; only an earlier timer is filed anew.
 */
export function rearm(check: CheckRow): void {
  const at = nextTimerAt(check);
  if (at === Infinity) return;
  const { timers } = check.store;
  const filedAt = timers.filedAt(check.no);
  if (filedAt < 0 || at < filedAt) timers.file(check.no, at);
}
