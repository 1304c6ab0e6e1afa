/**
 * How fast a world lives. Busy worlds have the product's own numbers. Sparse ones tell the time seldom and wait longer
 * for the dead, so that weeks of daily jobs are cheap; the fold knows neither number but the lease that a record names.
 */
export interface Pace {
  /** Between two watermarks of an idle ingest. */
  readonly tickMs: number;
  readonly leaseMs: number;
  readonly lookMs: number;
  /** After so long without an append an ingest joins a partition anew. */
  readonly silenceMs: number;
  /** An ingest that stood still for longer was not listening. */
  readonly stallMs: number;
  readonly snapshotMs: number;
  /** The longest pause before somebody tries again what the log did not take. */
  readonly retryMs: number;
  /** How far the fold's clock may lag behind while nothing is broken, skewed clocks included. */
  readonly marginMs: number;
}

export const BUSY: Pace = {
  tickMs: 1_000,
  leaseMs: 10_000,
  lookMs: 1_000,
  silenceMs: 5_000,
  stallMs: 10_000,
  snapshotMs: 60_000,
  retryMs: 2_000,
  marginMs: 9_000,
};

const HOUR_MS = 3_600_000;

export const SPARSE: Pace = {
  tickMs: 2 * HOUR_MS,
  leaseMs: 8 * HOUR_MS,
  lookMs: HOUR_MS,
  silenceMs: 4 * HOUR_MS,
  stallMs: 8 * HOUR_MS,
  snapshotMs: 60 * HOUR_MS,
  retryMs: 120_000,
  marginMs: 2 * HOUR_MS + 20_000,
};
