import type { BrokenAssertion } from '../event/transition.ts';
import type { Assertion, ChangeAssertion, Comparison, MetricAssertion } from './assertion.ts';
import { newAssertionMemories, type AssertionMemory } from './check-memory.ts';
import type { CheckRow } from './check-row.ts';
import { throughputAfter } from './throughput.ts';

/** A median of fewer values says nothing. */
const MEDIAN_VALUES_MIN = 3;

/** What a success reported. */
export interface Reported {
  readonly at: number;
  readonly metrics: Readonly<Record<string, number>> | null;
  readonly durationMs: number | null;
}

/** Judges a success by its numbers, and remembers them for the next one. Answers what is broken, in the rules' order. */
export function checkAssertions(check: CheckRow, reported: Reported): BrokenAssertion[] {
  const { assertions } = check.rules;
  if (assertions.length === 0) return [];
  const memory = check.remember();
  const before =
    memory.assertions.length === assertions.length
      ? memory.assertions
      : newAssertionMemories(assertions, reported.at);
  const broken: BrokenAssertion[] = [];
  memory.assertions = assertions.map((assertion, place) => {
    const known = before[place] ?? { kind: 'nothing' };
    const verdict = judge(assertion, known, reported);
    if (verdict !== null) broken.push({ assertion, ...verdict });
    return remembered(assertion, known, reported);
  });
  return broken;
}

type Finding = Pick<BrokenAssertion, 'observed' | 'limit'> | null;

function judge(assertion: Assertion, memory: AssertionMemory, { metrics, durationMs }: Reported): Finding {
  switch (assertion.kind) {
    case 'metric':
      return judgeMetric(assertion, valueOf(metrics, assertion.metric));
    case 'change':
      return memory.kind === 'values'
        ? judgeChange(assertion, memory.values, valueOf(metrics, assertion.metric))
        : null;
    case 'unchanged': {
      const value = valueOf(metrics, assertion.metric);
      if (memory.kind !== 'same' || value === undefined) return null;
      const runs = value === memory.value ? memory.runs + 1 : 1;
      return runs >= assertion.runs ? { observed: value, limit: runs } : null;
    }
    case 'min_duration':
      return durationMs !== null && durationMs < assertion.durationMs
        ? { observed: durationMs, limit: assertion.durationMs }
        : null;
    case 'throughput':
      // Breaks by silence, when its timer comes up.
      return null;
  }
}

/** A metric may be called as what every object has. */
function valueOf(metrics: Reported['metrics'], name: string): number | undefined {
  return metrics !== null && Object.hasOwn(metrics, name) ? metrics[name] : undefined;
}

function judgeMetric({ op, value, required }: MetricAssertion, observed: number | undefined): Finding {
  if (observed === undefined) return required ? { observed: null, limit: value } : null;
  return holds(observed, op, value) ? null : { observed, limit: value };
}

function holds(observed: number, op: Comparison, value: number): boolean {
  switch (op) {
    case '=':
      return observed === value;
    case '!=':
      return observed !== value;
    case '<':
      return observed < value;
    case '<=':
      return observed <= value;
    case '>':
      return observed > value;
    case '>=':
      return observed >= value;
  }
}

function judgeChange(
  { direction, factor, runs }: ChangeAssertion,
  values: readonly number[],
  observed: number | undefined,
): Finding {
  if (observed === undefined || values.length < Math.min(MEDIAN_VALUES_MIN, runs)) return null;
  const limit = medianOf(values) * factor;
  const isBroken = direction === 'above' ? observed > limit : observed < limit;
  return isBroken ? { observed, limit } : null;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function remembered(
  assertion: Assertion,
  memory: AssertionMemory,
  { metrics, at }: Reported,
): AssertionMemory {
  const value =
    'metric' in assertion && assertion.metric !== null ? valueOf(metrics, assertion.metric) : undefined;
  if (assertion.kind === 'throughput' && memory.kind === 'throughput') {
    return throughputAfter(assertion, memory, assertion.metric === null ? 1 : (value ?? 0), at);
  }
  if (value === undefined) return memory;
  if (assertion.kind === 'change' && memory.kind === 'values') {
    return { kind: 'values', values: [...memory.values, value].slice(-assertion.runs) };
  }
  if (assertion.kind === 'unchanged' && memory.kind === 'same') {
    const runs = value === memory.value ? Math.min(memory.runs + 1, assertion.runs) : 1;
    return { kind: 'same', value, runs };
  }
  return memory;
}
