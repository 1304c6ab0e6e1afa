import { unreachable } from '../assert.ts';
import type { PingReceived } from '../event/ping.ts';
import type { PingCause } from '../event/transition.ts';
import type { CheckState } from './check-state.ts';
import { expectAfter, openRun, rearm } from './expectation.ts';
import type { FoldStep } from './fold-step.ts';
import type { BufferedPing, PartitionState } from './partition-state.ts';
import { pronounce } from './verdict.ts';

/** One ping in its turn: numbers it, ends or opens its run, judges it, and expects the next one. */
export function applyPing(state: PartitionState, { offset, ping }: BufferedPing, step: FoldStep): void {
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
  judge(state, check, { ping, durationMs, cause }, step);
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
}

function judge(state: PartitionState, check: CheckState, judged: Judged, step: FoldStep): void {
  const { ping } = judged;
  switch (ping.kind) {
    case 'log':
      return;
    case 'start':
      openRun(check, ping.rid, ping.receivedAt);
      return;
    case 'success':
      applySuccess(state, check, judged, step);
      noteReport(check, judged);
      check.failedInARow = 0;
      expectAfter(check, ping.receivedAt);
      return;
    case 'fail':
      applyFailure(state, check, judged, step);
      noteReport(check, judged);
      expectAfter(check, ping.receivedAt);
      return;
    default:
      unreachable(ping.kind);
  }
}

/** What is remembered of every report, good or bad; misses are over once a job has reported. */
function noteReport(check: CheckState, { ping, durationMs, cause }: Judged): void {
  check.lastPingAt = ping.receivedAt;
  check.lastReportAt = ping.receivedAt;
  check.lastPingOffset = cause.offset;
  check.lastDurationMs = durationMs;
  check.missedInARow = 0;
}

function applySuccess(
  state: PartitionState,
  check: CheckState,
  { ping, cause }: Judged,
  step: FoldStep,
): void {
  const at = instantOf(check, ping);
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
      const downtimeMs = at - (check.downSinceAt ?? at);
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
    at: instantOf(check, ping),
    statusAfter,
    reason,
    cause,
  });
}

/** A ping of an ingest that was thought dead may be older than the miss it ends; no verdict goes back in time. */
function instantOf(check: CheckState, ping: PingReceived): number {
  return Math.max(ping.receivedAt, check.downSinceAt ?? 0);
}

/**
 * Closes the run that this ping ends and answers its duration. An end pairs with the start of the same id; an end
 * without an id closes whatever is open, as Healthchecks does, because nobody could ever close it by name.
 */
function endRun(check: CheckState, ping: PingReceived): number | null {
  if (ping.kind !== 'success' && ping.kind !== 'fail') return null;
  const run = check.runs.find((open) => open.rid === ping.rid);
  check.runs = ping.rid === null ? [] : check.runs.filter((open) => open !== run);
  return run === undefined ? null : ping.receivedAt - run.startedAt;
}
