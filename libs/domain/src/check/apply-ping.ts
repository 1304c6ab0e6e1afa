import { unreachable } from '../assert.ts';
import type { PingReceived } from '../event/ping.ts';
import type { PingCause } from '../event/transition.ts';
import { nextSlotAfter } from '../schedule/schedule.ts';
import type { CheckState } from './check-state.ts';
import { expectNext, openRun, rearm } from './expectation.ts';
import type { FoldStep } from './fold-step.ts';
import type { BufferedPing, PartitionState } from './partition-state.ts';
import { instantOfVerdict, pronounce } from './verdict.ts';

/** How long the clock goes on before a run that was opened by a late start may be hung: twice the lease. */
const LATE_RUN_MS = 20_000;

/** One ping in its turn: numbers it, ends or opens its run, judges it, and expects the next one. */
export function applyPing(state: PartitionState, { offset, late, ping }: BufferedPing, step: FoldStep): void {
  const check = state.checks.get(ping.checkId);
  if (check === undefined) {
    step.effects.push({ kind: 'dropped', offset, reason: 'unknown_check' });
    return;
  }
  check.pingCount += 1;
  step.touched.add(ping.checkId);
  const ignored = isIgnored(check, ping);
  const durationMs = ignored ? null : endRun(check, ping);
  step.effects.push({ kind: 'ping', offset, n: check.pingCount, ping, ignored, durationMs });
  // A ping older than what was already reported (its ingest died and came back) is history, not news.
  if (ignored || (check.lastReportAt !== null && ping.receivedAt < check.lastReportAt)) return;
  const cause = { kind: 'ping', offset, n: check.pingCount, exitStatus: ping.exitStatus } as const;
  judge(state, check, { ping, durationMs, cause, lateAt: late ? state.clockAt : null }, step);
  rearm(state, check);
}

function isIgnored(check: CheckState, ping: PingReceived): boolean {
  if (check.definition.methods === 'post' && ping.method !== 'POST') return true;
  return check.status === 'paused' && check.definition.manualResume;
}

interface Judged {
  readonly ping: PingReceived;
  readonly durationMs: number | null;
  readonly cause: PingCause;
  /** The clock, when it had passed the ping before it came; else null. */
  readonly lateAt: number | null;
}

function judge(state: PartitionState, check: CheckState, judged: Judged, step: FoldStep): void {
  const { ping, lateAt } = judged;
  switch (ping.kind) {
    case 'log':
      return;
    case 'start':
      openRun(
        state,
        check,
        { rid: ping.rid, startedAt: ping.receivedAt },
        lateAt === null ? 0 : lateAt + LATE_RUN_MS,
      );
      return;
    case 'success': {
      const nextAt = nextSlotAfter(check.schedule, ping.receivedAt);
      noteReport(check, judged);
      if (isOvertaken(check, nextAt)) return;
      applySuccess(state, check, judged, step);
      check.missedInARow = 0;
      check.failedInARow = 0;
      expectNext(state, check, nextAt, lateAt ?? 0);
      return;
    }
    case 'fail':
      noteReport(check, judged);
      applyFailure(state, check, judged, step);
      check.missedInARow = 0;
      expectNext(state, check, nextSlotAfter(check.schedule, ping.receivedAt), lateAt ?? 0);
      return;
    default:
      unreachable(ping.kind);
  }
}

/**
 * A late success of a check that was missed again after it: the slot that it was to be followed by has been judged
 * already, so it is no sign that the job is well now.
 */
function isOvertaken(check: CheckState, nextAt: number | null): boolean {
  return check.status === 'down' && nextAt !== null && check.expectedAt !== null && nextAt < check.expectedAt;
}

/** What is remembered of every report, good or bad. */
function noteReport(check: CheckState, { ping, durationMs, cause }: Judged): void {
  check.lastPingAt = ping.receivedAt;
  check.lastReportAt = ping.receivedAt;
  check.lastPingOffset = cause.offset;
  check.lastDurationMs = durationMs;
}

function applySuccess(
  state: PartitionState,
  check: CheckState,
  { ping, cause }: Judged,
  step: FoldStep,
): void {
  const at = ping.receivedAt;
  check.successesInARow += 1;
  switch (check.status) {
    case 'up':
      return;
    case 'new':
      pronounce(state, check, step, { type: 'check.up', at, statusAfter: 'up', reason: 'first_ping', cause });
      return;
    case 'paused':
      pronounce(state, check, step, {
        type: 'check.up',
        at,
        statusAfter: 'up',
        reason: 'ping_after_pause',
        cause,
      });
      return;
    case 'unknown':
      pronounce(state, check, step, {
        type: 'check.up',
        at,
        statusAfter: 'up',
        reason: 'ping_after_unknown',
        cause,
      });
      return;
    case 'down': {
      if (check.successesInARow < check.definition.recoveryThreshold) return;
      // A late ping may be older than the miss that it ends.
      const downtimeMs = instantOfVerdict(check, at) - (check.downSinceAt ?? at);
      pronounce(state, check, step, {
        type: 'check.recovered',
        at,
        statusAfter: 'up',
        reason: 'success_after_down',
        cause,
        downtimeMs,
      });
      return;
    }
    default:
      unreachable(check.status);
  }
}

function applyFailure(
  state: PartitionState,
  check: CheckState,
  { ping, cause }: Judged,
  step: FoldStep,
): void {
  check.failedInARow += 1;
  check.successesInARow = 0;
  const down = check.status === 'down' || check.failedInARow >= check.definition.failedThreshold;
  // A failure below the threshold still proves that the job reports: a new or paused check is up with it.
  const statusAfter = down ? 'down' : 'up';
  const reason = ping.exitStatus === null ? 'fail_signal' : 'exit_status';
  pronounce(state, check, step, {
    type: 'check.failed',
    at: ping.receivedAt,
    statusAfter,
    reason,
    cause,
  });
}

/**
 * Closes the run that this ping ends and answers its duration. An end pairs with the start of the same id; an end
 * without an id closes whatever is open, as Healthchecks does, because nobody could ever close it by name. A run that
 * began after this ping is not its own: the ping came late.
 */
function endRun(check: CheckState, ping: PingReceived): number | null {
  if (ping.kind !== 'success' && ping.kind !== 'fail') return null;
  const begun = check.runs.filter((open) => open.startedAt <= ping.receivedAt);
  const run = begun.find((open) => open.rid === ping.rid);
  const ended = ping.rid === null ? begun : begun.filter((open) => open === run);
  check.runs = check.runs.filter((open) => !ended.includes(open));
  return run === undefined ? null : ping.receivedAt - run.startedAt;
}
