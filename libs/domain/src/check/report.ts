import { unreachable } from '../assert.ts';
import type { PingReceived } from '../event/ping.ts';
import type { BrokenAssertion, PingCause, TransitionReason } from '../event/transition.ts';
import { checkAssertions } from './assertion-check.ts';
import type { CheckRow } from './check-row.ts';
import { addDuration, baselineOf, deviationOf, type Baseline, type Durations } from './duration-histogram.ts';
import type { FoldStep } from './fold-step.ts';
import { noteOnTime } from './mass-silence.ts';
import type { PartitionState } from './partition-state.ts';
import { isThroughputFailing } from './throughput.ts';
import { instantOfVerdict, isDownAfter, pronounce, remark } from './verdict.ts';

/** A ping that says how it went. */
export interface Report {
  readonly ping: PingReceived;
  readonly cause: PingCause;
  /** The clock, when it had passed the ping before it came; else null. */
  readonly lateAt: number | null;
  readonly kind: 'success' | 'fail';
}

/** How slow a run must be to be told: three times the usual, half a second more, and far out of what is ordinary. */
const SLOW_FACTOR = 3;
const SLOW_EXCESS_MS = 500;
const SLOW_SCORE = 3.5;
const SLOW_SAMPLES_MIN = 10;
/** The modified z-score of Iglewicz and Hoaglin: 0.6745 makes the median deviation comparable to a standard deviation. */
const SCORE_SCALE = 0.6745;

/**
 * A success in its turn. False: it does not count as one for the schedule, because its window is not open yet. A
 * success whose numbers break an assertion is a failure.
 */
export function applySuccess(
  state: PartitionState,
  check: CheckRow,
  report: Report,
  { tooEarlyFor, step }: { readonly tooEarlyFor: number | null; readonly step: FoldStep },
): boolean {
  const { ping, cause } = report;
  const at = ping.receivedAt;
  const isEarly = tooEarlyFor !== null && check.expectedAt === tooEarlyFor;
  if (isEarly && !check.isEarlyTold) {
    remark(state, check, step, { type: 'check.early', at, reason: 'before_expected_time', cause });
    check.isEarlyTold = true;
  }
  if (isEarly && check.schedule.kind === 'window') return false;
  const { durationMs } = cause;
  const broken = checkAssertions(check, { at, metrics: ping.metrics, durationMs });
  const failing = broken.filter(({ assertion }) => assertion.severity === 'failed');
  if (failing.length > 0) {
    fail(state, check, step, { at, reason: 'assertion_broken', cause: assertionCause(cause, failing) });
  } else if (!isThroughputFailing(check)) {
    succeed(state, check, report, step);
    check.missedInARow = 0;
    check.failedInARow = 0;
  }
  const degrading = broken.filter(({ assertion }) => assertion.severity === 'degraded');
  if (degrading.length > 0) {
    const facts = { at, reason: 'assertion_broken', cause: assertionCause(cause, degrading) } as const;
    remark(state, check, step, { type: 'check.degraded', ...facts });
  }
  if (durationMs !== null && failing.length === 0) noteDuration(state, check, report, { durationMs, step });
  return true;
}

function assertionCause({ offset, n }: PingCause, broken: readonly BrokenAssertion[]) {
  return { kind: 'assertion', offset, n, broken } as const;
}

/** A failure in its turn. */
export function applyFailure(state: PartitionState, check: CheckRow, report: Report, step: FoldStep): void {
  const { ping, cause } = report;
  const reason = ping.exitStatus === null || ping.exitStatus === 0 ? 'fail_signal' : 'exit_status';
  fail(state, check, step, { at: ping.receivedAt, reason, cause });
  check.missedInARow = 0;
}

/** Counts a failure of any kind and says so. Below its threshold it still proves that the job reports: it is up. */
export function fail(
  state: PartitionState,
  check: CheckRow,
  step: FoldStep,
  facts: Pick<Parameters<typeof pronounce>[3], 'at' | 'reason' | 'cause'>,
): void {
  check.failedInARow += 1;
  check.successesInARow = 0;
  const isDown = isDownAfter(state, check, check.failedInARow, check.rules.failedThreshold);
  pronounce(state, check, step, { type: 'check.failed', statusAfter: isDown ? 'down' : 'up', ...facts });
}

const UP_REASONS: Readonly<Record<'new' | 'paused' | 'unknown', TransitionReason>> = {
  new: 'first_ping',
  paused: 'ping_after_pause',
  unknown: 'ping_after_unknown',
};

function succeed(state: PartitionState, check: CheckRow, report: Report, step: FoldStep): void {
  const { ping, cause, lateAt } = report;
  const at = ping.receivedAt;
  check.successesInARow += 1;
  const { status } = check;
  switch (status) {
    case 'up':
      if (lateAt === null) noteOnTime(state.massSilence, at);
      return;
    case 'new':
    case 'paused':
    case 'unknown': {
      const reason = UP_REASONS[status];
      pronounce(state, check, step, { type: 'check.up', at, statusAfter: 'up', reason, cause });
      return;
    }
    case 'down': {
      if (state.switches.thresholds && check.successesInARow < check.rules.recoveryThreshold) return;
      // A late ping may be older than the miss that it ends.
      const downtimeMs = instantOfVerdict(check, at) - (check.downSinceAt ?? at);
      const reason = 'success_after_down';
      const statusAfter = 'up';
      pronounce(state, check, step, { type: 'check.recovered', at, statusAfter, reason, cause, downtimeMs });
      return;
    }
    default:
      unreachable(status);
  }
}

function isFarFrom(usual: Baseline, durations: Durations, durationMs: number): boolean {
  if (usual.samples < SLOW_SAMPLES_MIN || durationMs < SLOW_FACTOR * usual.medianMs) return false;
  const excessMs = durationMs - usual.medianMs;
  return excessMs >= SLOW_EXCESS_MS && SCORE_SCALE * excessMs > SLOW_SCORE * deviationOf(durations, usual);
}

/** Compares a run with what its check's runs usually take, and then counts it among them. */
function noteDuration(
  state: PartitionState,
  check: CheckRow,
  { ping, cause }: Report,
  { durationMs, step }: { readonly durationMs: number; readonly step: FoldStep },
): void {
  const usual = baselineOf(check);
  const isSlow = usual !== null && isFarFrom(usual, check, durationMs);
  addDuration(check, durationMs);
  if (!isSlow) return;
  const { medianMs, samples } = usual;
  remark(state, check, step, {
    type: 'check.slow',
    at: ping.receivedAt,
    reason: 'slower_than_usual',
    cause: { kind: 'baseline', offset: cause.offset, n: cause.n, durationMs, medianMs, samples },
  });
}
