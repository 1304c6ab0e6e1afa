import { unreachable, type CheckTransition, type TransitionCause } from '#domain';
import { brokenAssertionDocument, type BrokenAssertionDocument } from './assertion-document.ts';

/** The fact that led to a transition, in snake case; lengths in seconds, instants in ISO 8601. */
export type CauseDocument = Readonly<
  Record<string, string | number | boolean | null | readonly BrokenAssertionDocument[]>
>;

/** A transition as the world outside sees it: in the API's history and in webhooks, the same fields in both. */
export interface TransitionDocument {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly expected_at: string | null;
  readonly deadline_at: string | null;
  readonly status_before: string;
  readonly status_after: string;
  readonly reason: string;
  readonly config_version: number;
  readonly missed_in_a_row: number;
  readonly failed_in_a_row: number;
  readonly downtime_seconds: number | null;
  /** True: most of its partition fell silent at once, so it was told after a wait. */
  readonly hold: boolean;
  readonly cause: CauseDocument;
}

export function transitionDocument(transition: CheckTransition): TransitionDocument {
  return {
    id: transition.id,
    seq: transition.seq,
    type: transition.type,
    at: isoInstant(transition.at),
    expected_at: isoOrNull(transition.expectedAt),
    deadline_at: isoOrNull(transition.deadlineAt),
    status_before: transition.statusBefore,
    status_after: transition.statusAfter,
    reason: transition.reason,
    config_version: transition.configVersion,
    missed_in_a_row: transition.missedInARow,
    failed_in_a_row: transition.failedInARow,
    downtime_seconds: secondsOrNull(transition.downtimeMs),
    hold: transition.hold,
    cause: { kind: transition.cause.kind, ...causeDocument(transition.cause) },
  };
}

function causeDocument(cause: TransitionCause): CauseDocument {
  switch (cause.kind) {
    case 'ping':
      return {
        offset: cause.offset,
        n: cause.n,
        exitstatus: cause.exitStatus,
        duration_seconds: secondsOrNull(cause.durationMs),
        late_end: cause.lateEnd,
      };
    case 'deadline':
      return {
        last_ping_offset: cause.lastPingOffset,
        grace_seconds: cause.graceMs / 1_000,
        extended_by_seconds: cause.extendedByMs / 1_000,
        open_run_since: isoOrNull(cause.openRunSinceAt),
      };
    case 'run':
      return {
        rid: cause.rid,
        started_at: isoInstant(cause.startedAt),
        max_runtime_seconds: cause.maxRuntimeMs / 1_000,
        extended_by_seconds: cause.extendedByMs / 1_000,
        last_sign_at: isoInstant(cause.lastSignAt),
      };
    case 'runs':
      return {
        offset: cause.offset,
        n: cause.n,
        rid: cause.rid,
        other_rid: cause.otherRid,
        other_started_at: isoInstant(cause.otherStartedAt),
      };
    case 'baseline':
    case 'assertion':
      return comparisonDocument(cause);
    case 'hole':
      return { from: isoInstant(cause.fromAt), until: isoInstant(cause.untilAt) };
    case 'retraction':
      return {
        offset: cause.offset,
        n: cause.n,
        received_at: isoInstant(cause.receivedAt),
        retracted_seq: cause.retractedSeq,
      };
    default:
      return unreachable(cause);
  }
}

function comparisonDocument(cause: TransitionCause & { kind: 'baseline' | 'assertion' }): CauseDocument {
  if (cause.kind === 'assertion') {
    return { offset: cause.offset, n: cause.n, broken: cause.broken.map(brokenAssertionDocument) };
  }
  return {
    offset: cause.offset,
    n: cause.n,
    duration_seconds: cause.durationMs / 1_000,
    median_seconds: cause.medianMs / 1_000,
    samples: cause.samples,
  };
}

function secondsOrNull(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}

/** ISO 8601 in UTC with milliseconds. */
export function isoInstant(at: number): string {
  return new Date(at).toISOString();
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : isoInstant(at);
}
