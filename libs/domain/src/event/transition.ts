import type { CheckStatus } from '../check/status.ts';

export const TRANSITION_TYPES = [
  'check.up',
  'check.late',
  'check.missed',
  'check.failed',
  'check.hung',
  'check.recovered',
  'check.unknown',
] as const;
export type TransitionType = (typeof TRANSITION_TYPES)[number];

/** Why a transition happened; used word for word in events, the API and metric labels. */
export type TransitionReason =
  | 'first_ping'
  | 'ping_after_pause'
  | 'ping_after_unknown'
  | 'expected_time_passed'
  | 'no_ping_by_deadline'
  | 'fail_signal'
  | 'exit_status'
  | 'max_runtime_exceeded'
  | 'success_after_down'
  | 'not_listening';

export interface PingCause {
  readonly kind: 'ping';
  readonly offset: number;
  readonly n: number;
  readonly exitStatus: number | null;
}

/** The fact that led to a transition. Offsets are of facts (pings), never of watermarks, so they never vary. */
export type TransitionCause =
  | PingCause
  | { readonly kind: 'deadline'; readonly lastPingOffset: number | null; readonly graceMs: number }
  | {
      readonly kind: 'run';
      readonly rid: string | null;
      readonly startedAt: number;
      readonly maxRuntimeMs: number;
    }
  | { readonly kind: 'hole'; readonly fromAt: number; readonly untilAt: number };

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
