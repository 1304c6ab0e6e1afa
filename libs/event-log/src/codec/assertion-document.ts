import { unreachable, type Assertion, type BrokenAssertion } from '#domain';

/** An assertion as the world outside writes and reads it: snake case, lengths in seconds. */
export type AssertionDocument = Readonly<Record<string, string | number | boolean | null>>;

/** What was asserted, what was seen instead and what it was compared with. */
export interface BrokenAssertionDocument {
  readonly assertion: AssertionDocument;
  readonly observed: number | null;
  readonly limit: number;
}

/** Says an assertion in the words in which the API takes it. */
export function assertionDocument(assertion: Assertion): AssertionDocument {
  switch (assertion.kind) {
    case 'metric':
    case 'change':
    case 'unchanged':
      return { ...assertion };
    case 'throughput': {
      const { kind, metric, atLeast, windowMs, severity } = assertion;
      return { kind, metric, at_least: atLeast, window: windowMs / 1_000, severity };
    }
    case 'min_duration':
      return {
        kind: assertion.kind,
        duration: assertion.durationMs / 1_000,
        severity: assertion.severity,
      };
    default:
      return unreachable(assertion);
  }
}

/** A broken assertion; what was seen of a duration is in seconds, as the assertion is. */
export function brokenAssertionDocument({
  assertion,
  observed,
  limit,
}: BrokenAssertion): BrokenAssertionDocument {
  const unit = assertion.kind === 'min_duration' ? 1_000 : 1;
  return {
    assertion: assertionDocument(assertion),
    observed: observed === null ? null : observed / unit,
    limit: limit / unit,
  };
}
