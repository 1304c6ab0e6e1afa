// When a webhook that failed is tried again. Close together at first, for a restart or a blip; then hours
// apart for three days, so that a receiver that broke on a Friday evening still gets its message on Monday.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The wait before each attempt, the first at once; 75.6 hours in all. */
export const WEBHOOK_WAITS_MS: readonly number[] = [
  0,
  5 * SECOND,
  MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Deliveries that failed together must not all come back together. */
const JITTER = 0.2;

/** The attempts so far and what the last one said. */
export interface FailedAttempt {
  /** Attempts made so far, this one included. */
  readonly attempts: number;
  readonly failedAt: number;
  /** How long the receiver asked to be left alone. */
  readonly retryAfterMs?: number | undefined;
  /** A random number from 0 up to but not including 1. */
  readonly jitter: number;
}

/**
 * The instant of the next attempt, or null when the schedule is used up and the delivery is dead. A
 * receiver's wish can only lengthen a wait: many short waits would use up in a minute what is meant for days.
 * Such a wait is spread upwards alone, so that it is never shorter than asked.
 */
export function nextAttemptAt({ attempts, failedAt, retryAfterMs, jitter }: FailedAttempt): number | null {
  const waitMs = WEBHOOK_WAITS_MS[attempts];
  if (waitMs === undefined) return null;
  const scheduledMs = waitMs * (1 - JITTER + 2 * JITTER * jitter);
  const askedMs = (retryAfterMs ?? 0) * (1 + JITTER * jitter);
  return failedAt + Math.ceil(Math.max(scheduledMs, askedMs));
}
