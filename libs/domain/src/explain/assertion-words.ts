import { unreachable } from '../assert.ts';
import type { BrokenAssertion } from '../event/transition.ts';
import type { ExplainedValue } from './explanation.ts';
import { lengthText, ordinalText } from './value-words.ts';

/** What was asserted, and what was seen instead: "rows was 0, but must be > 0". */
export function brokenWords({ assertion, observed, limit }: BrokenAssertion): string {
  switch (assertion.kind) {
    case 'metric': {
      const seen = observed === null ? 'was not reported' : `was ${observed}`;
      return `${assertion.metric} ${seen}, but must be ${assertion.op} ${assertion.value}`;
    }
    case 'change': {
      const { metric, direction, factor, runs } = assertion;
      return `${metric} was ${observed}, which is ${direction} ${limit}: ${factor} times the median of up to ${runs} reports before it`;
    }
    case 'unchanged':
      return `${assertion.metric} was ${observed} for the ${ordinalText(limit)} success in a row`;
    case 'throughput': {
      const { metric, windowMs } = assertion;
      const what = metric === null ? 'the successes' : `the values of ${metric}`;
      return `${what} of the last ${lengthText(windowMs)} came to ${observed}, but must come to at least ${limit}`;
    }
    case 'min_duration':
      return `the run took ${lengthText(observed ?? 0)}, but must take at least ${lengthText(limit)}`;
    default:
      return unreachable(assertion);
  }
}

/** The same as data. */
export function brokenFacts(broken: readonly BrokenAssertion[]): ExplainedValue {
  return broken.map(({ assertion, observed, limit }) => ({ assertion: { ...assertion }, observed, limit }));
}
