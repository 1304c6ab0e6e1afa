import { describe, expect, it } from '@jest/globals';
import { assertionDocument } from '#event-log';
import { assertionsSchema } from './assertion.schema.ts';

const METRIC = { kind: 'metric', metric: 'rows', op: '>', value: 0 };
const CHANGE = { kind: 'change', metric: 'rows', direction: 'below', factor: 0.5, runs: 7 };

/** The sentence by which a list is refused. */
function refusal(list: unknown): string {
  const read = assertionsSchema.safeParse(list);
  return read.success ? 'taken' : (read.error.issues[0]?.message ?? '');
}

describe('an assertion', () => {
  it.each([
    { ...METRIC, required: true, severity: 'failed' },
    { ...CHANGE, severity: 'degraded' },
    { kind: 'unchanged', metric: 'newest.id', runs: 32, severity: 'failed' },
    { kind: 'throughput', metric: null, at_least: 5, window: 86_400, severity: 'failed' },
    { kind: 'throughput', metric: 'orders', at_least: 0.5, window: 1, severity: 'degraded' },
    { kind: 'min_duration', duration: 1.5, severity: 'failed' },
  ])('is shown as it was given: %j', (given) => {
    expect(assertionsSchema.parse([given]).map(assertionDocument)).toEqual([given]);
  });

  it('need not say what is usual', () => {
    expect(assertionsSchema.parse([METRIC])).toEqual([{ ...METRIC, required: false, severity: 'failed' }]);
    const throughput = { kind: 'throughput', at_least: 5, window: 60 };
    expect(assertionsSchema.parse([throughput])).toEqual([
      { kind: 'throughput', metric: null, atLeast: 5, windowMs: 60_000, severity: 'failed' },
    ]);
  });

  it('names its metric in any case, and means the lower one', () => {
    expect(assertionsSchema.parse([{ ...METRIC, metric: 'Rows' }])).toMatchObject([{ metric: 'rows' }]);
  });
});

describe('a list of assertions', () => {
  it.each([
    ['a text', 'rows > 0', 'assertions is not an array'],
    ['eleven', Array.from({ length: 11 }, () => METRIC), 'assertions has more than 10 items'],
    ['a text in it', [METRIC, 'rows > 0'], 'assertions, item 2: it is not an object'],
    ['a list in it', [[]], 'assertions, item 1: it is not an object'],
    [
      'no kind',
      [{ ...METRIC, kind: undefined }],
      'assertions, item 1: kind has unexpected value; write "metric"',
    ],
    ['no metric', [{ ...METRIC, metric: undefined }], 'assertions, item 1: metric is not a string'],
    [
      'a metric with a blank',
      [{ ...METRIC, metric: 'a b' }],
      'metric is not a name of a metric; write 1 to 64',
    ],
    ['another comparison', [{ ...METRIC, op: '=>' }], 'op has unexpected value; write one of = != < <= > >='],
    ['a value as text', [{ ...METRIC, value: '0' }], 'value is not a number'],
    ['a value beyond numbers', [{ ...METRIC, value: Infinity }], 'value is not a number'],
    ['a typing error', [{ ...METRIC, requierd: true }], 'requierd is not known; write only kind, metric, op'],
    [
      'another severity',
      [{ ...METRIC, severity: 'bad' }],
      'severity has unexpected value; write "failed" or',
    ],
    ['a factor of nothing', [{ ...CHANGE, factor: 0 }], 'factor is too small; write a number above 0'],
    [
      'half a run',
      [{ ...CHANGE, runs: 1.5 }],
      'runs is not a whole number; write a whole number from 1 to 32',
    ],
    ['too many runs', [{ ...CHANGE, runs: 33 }], 'runs is too large; write a whole number from 1 to 32'],
    [
      'once the same',
      [{ kind: 'unchanged', metric: 'a', runs: 1 }],
      'runs is too small; write a whole number from 2',
    ],
    ['no window', [{ kind: 'throughput', at_least: 1 }], 'window is not a number'],
    ['no duration', [{ kind: 'min_duration', duration: 0 }], 'duration is too small; write seconds'],
  ])('with a mistake is refused by its item and field: %s', (_what, list, sentence) => {
    expect(refusal(list)).toContain(sentence);
  });
});
