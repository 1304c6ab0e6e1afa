import type { Assertion } from '../check/assertion.ts';
import type { CheckStatus } from '../check/status.ts';

export const TRANSITION_TYPES = [
  'check.up',
  'check.late',
  'check.missed',
  'check.failed',
  'check.degraded',
  'check.hung',
  'check.slow',
  'check.overlap',
  'check.early',
  'check.duplicate_run',
  'check.recovered',
  'check.unknown',
  'check.miss_retracted',
] as const;
export type TransitionType = (typeof TRANSITION_TYPES)[number];

/** Why a transition happened; used word for word in events, the API and metric labels. */
export const TRANSITION_REASONS = [
  'first_ping',
  'ping_after_pause',
  'ping_after_unknown',
  'expected_time_passed',
  'no_ping_by_deadline',
  'blocked_by_previous_run',
  'fail_signal',
  'exit_status',
  'assertion_broken',
  'throughput_too_low',
  'max_runtime_exceeded',
  'progress_stopped',
  'slower_than_usual',
  'previous_run_still_open',
  'before_expected_time',
  'started_elsewhere',
  'success_after_down',
  'ping_came_late',
  'not_listening',
  'coverage_suspect',
] as const;
export type TransitionReason = (typeof TRANSITION_REASONS)[number];

export interface PingCause {
  readonly kind: 'ping';
  readonly offset: number;
  readonly n: number;
  readonly exitStatus: number | null;
  /** From the start of the run that this ping ended; null when it ended none. */
  readonly durationMs: number | null;
  /** True: the run that it ended had been called hung already. */
  readonly lateEnd: boolean;
}

export interface DeadlineCause {
  readonly kind: 'deadline';
  readonly lastPingOffset: number | null;
  readonly graceMs: number;
  /** What holes added to the deadline beyond the grace. */
  readonly extendedByMs: number;
  /** A run that began before the expected time and is still open: why there was no other. */
  readonly openRunSinceAt: number | null;
}

export interface RunCause {
  readonly kind: 'run';
  readonly rid: string | null;
  readonly startedAt: number;
  readonly maxRuntimeMs: number;
  /** What holes added to it. */
  readonly extendedByMs: number;
  /** The newest sign of life of the run: its start, or a progress ping. */
  readonly lastSignAt: number;
}

/** Two runs of one check that should not be: side by side, or started twice from different places. */
export interface RunsCause {
  readonly kind: 'runs';
  readonly offset: number;
  readonly n: number;
  readonly rid: string | null;
  readonly otherRid: string | null;
  readonly otherStartedAt: number;
}

/** A run beside what its check usually takes. */
export interface BaselineCause {
  readonly kind: 'baseline';
  readonly offset: number;
  readonly n: number;
  readonly durationMs: number;
  readonly medianMs: number;
  readonly samples: number;
}

/** What was asserted, what was seen instead, and what it was compared with (a value, a median, a number of runs). */
export interface BrokenAssertion {
  readonly assertion: Assertion;
  readonly observed: number | null;
  readonly limit: number;
}

export interface AssertionCause {
  readonly kind: 'assertion';
  /** The ping whose numbers broke it; null for throughput, which breaks by silence. */
  readonly offset: number | null;
  readonly n: number | null;
  readonly broken: readonly BrokenAssertion[];
}

export interface HoleCause {
  readonly kind: 'hole';
  readonly fromAt: number;
  readonly untilAt: number;
}

/** A ping that had come in time and was read too late: which miss it takes back. */
export interface RetractionCause {
  readonly kind: 'retraction';
  readonly offset: number;
  readonly n: number;
  readonly receivedAt: number;
  readonly retractedSeq: number;
}

/** The fact that led to a transition. Offsets are of facts (pings), never of watermarks, so they never vary. */
export type TransitionCause =
  | PingCause
  | DeadlineCause
  | RunCause
  | RunsCause
  | BaselineCause
  | AssertionCause
  | HoleCause
  | RetractionCause;

/**
 * One numbered verdict on one check. A function of the facts alone: the same pings, configuration and membership
 * give the same bytes however often the clock was told, whoever folds.
 */
export interface CheckTransition {
  readonly v: 1;
  readonly type: TransitionType;
  /** `<check id>:<seq>`; nothing random, so a repeat is recognised by its name. */
  readonly id: string;
  readonly checkId: string;
  readonly projectId: string;
  /** Dense per check, from 1. */
  readonly seq: number;
  /** Dense per partition, from 1. */
  readonly oseq: number;
  /** The event's own time: the deadline that passed, the ping that came. */
  readonly at: number;
  readonly expectedAt: number | null;
  readonly deadlineAt: number | null;
  readonly statusBefore: CheckStatus;
  readonly statusAfter: CheckStatus;
  readonly reason: TransitionReason;
  readonly configVersion: number;
  readonly cause: TransitionCause;
  readonly missedInARow: number;
  readonly failedInARow: number;
  /** How long the check was down; only on `check.recovered`. */
  readonly downtimeMs: number | null;
  /** True: most of the partition fell silent at once, so whoever is told is told after a wait, in one message. */
  readonly hold: boolean;
  /** The version of the time zone tables by which it was judged. */
  readonly tz: string;
  /** The version of the rules by which it was judged. */
  readonly rules: number;
}

/** A stretch in which nobody listened on this partition; expectations inside it are not judged. */
export interface CoverageHole {
  readonly v: 1;
  readonly type: 'coverage.hole';
  readonly id: string;
  readonly partition: number;
  readonly oseq: number;
  readonly at: number;
  readonly fromAt: number;
  readonly untilAt: number;
}

export type Verdict = CheckTransition | CoverageHole;
