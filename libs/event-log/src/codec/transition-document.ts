import type { CheckTransition, TransitionCause } from '#domain';

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
  readonly cause: Readonly<Record<string, string | number | null>>;
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
    downtime_seconds: transition.downtimeMs === null ? null : transition.downtimeMs / 1_000,
    cause: causeDocument(transition.cause),
  };
}

function causeDocument(cause: TransitionCause): TransitionDocument['cause'] {
  switch (cause.kind) {
    case 'ping':
      return { kind: 'ping', offset: cause.offset, n: cause.n, exitstatus: cause.exitStatus };
    case 'deadline':
      return {
        kind: 'deadline',
        last_ping_offset: cause.lastPingOffset,
        grace_seconds: cause.graceMs / 1_000,
      };
    case 'run': {
      const max_runtime_seconds = cause.maxRuntimeMs / 1_000;
      return { kind: 'run', rid: cause.rid, started_at: isoInstant(cause.startedAt), max_runtime_seconds };
    }
    case 'hole':
      return { kind: 'hole', from: isoInstant(cause.fromAt), until: isoInstant(cause.untilAt) };
  }
}

/** ISO 8601 in UTC with milliseconds. */
export function isoInstant(at: number): string {
  return new Date(at).toISOString();
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : isoInstant(at);
}
