/**
 * What a user says about the numbers that a job reports. An assertion that breaks is a failure, or, where `severity`
 * says so, only a `check.degraded` that leaves the status alone.
 */
export type AssertionSeverity = 'failed' | 'degraded';

export const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** `metric op value` must hold for every success that reports the metric; `required`: not to report it breaks it too. */
export interface MetricAssertion {
  readonly kind: 'metric';
  readonly metric: string;
  readonly op: Comparison;
  readonly value: number;
  readonly required: boolean;
  readonly severity: AssertionSeverity;
}

/** The metric must be at most (`above`) or at least (`below`) `factor` times the median of the last `runs` values. */
export interface ChangeAssertion {
  readonly kind: 'change';
  readonly metric: string;
  readonly direction: 'above' | 'below';
  readonly factor: number;
  readonly runs: number;
  readonly severity: AssertionSeverity;
}

/** The metric must not have the same value in `runs` successes one after the other. */
export interface UnchangedAssertion {
  readonly kind: 'unchanged';
  readonly metric: string;
  readonly runs: number;
  readonly severity: AssertionSeverity;
}

/** In any `windowMs` there must be `atLeast` successes, or, with a metric, its values must sum up to as much. */
export interface ThroughputAssertion {
  readonly kind: 'throughput';
  readonly metric: string | null;
  readonly atLeast: number;
  readonly windowMs: number;
  readonly severity: AssertionSeverity;
}

/** A run must take at least so long: a backup that is done in a second did not back anything up. */
export interface MinDurationAssertion {
  readonly kind: 'min_duration';
  readonly durationMs: number;
  readonly severity: AssertionSeverity;
}

export type Assertion =
  MetricAssertion | ChangeAssertion | UnchangedAssertion | ThroughputAssertion | MinDurationAssertion;

/** So many assertions a check may have, and so many values a median is taken of: the state of a check stays bounded. */
export const ASSERTIONS_MAX = 10;
export const ASSERTION_RUNS_MAX = 32;
