import { describe, expect, it } from '@jest/globals';
import { brokenWords } from './assertion-words.ts';
import { cardinalText, instantText, lengthText, ordinalText } from './value-words.ts';

describe('an instant in an explanation', () => {
  it.each([0, 951_782_400_000, 1_774_710_000_000, 1_774_710_000_250, 4_102_444_799_999])(
    'is what the calendar says in UTC: %d',
    (at) => {
      expect(instantText(at)).toBe(new Date(at).toISOString().replace('.000Z', 'Z'));
    },
  );
});

describe('a length in an explanation', () => {
  it.each([
    [0, '0 s'],
    [250, '250 ms'],
    [10_000, '10 s'],
    [5_400_000, '1 h 30 min'],
    [90_061_001, '1 d 1 h 1 min 1 s 1 ms'],
  ])('is exact: %d', (ms, text) => {
    expect(lengthText(ms)).toBe(text);
  });
});

describe('a count in an explanation', () => {
  it('is a word up to ten', () => {
    expect([1, 2, 10, 11, 22].map(ordinalText)).toEqual(['first', 'second', 'tenth', '11th', '22nd']);
    expect([1, 10, 11].map(cardinalText)).toEqual(['one', 'ten', '11']);
  });
});

describe('a broken assertion in an explanation', () => {
  const severity = 'failed' as const;

  it('names the number that was missing', () => {
    const assertion = {
      kind: 'metric',
      metric: 'rows',
      op: '>',
      value: 0,
      required: true,
      severity,
    } as const;
    expect(brokenWords({ assertion, observed: null, limit: 0 })).toBe(
      'rows was not reported, but must be > 0',
    );
  });

  it('names what a change was compared with', () => {
    const change = {
      kind: 'change',
      metric: 'bytes',
      direction: 'below',
      factor: 0.5,
      runs: 7,
      severity,
    } as const;
    expect(brokenWords({ assertion: change, observed: 10, limit: 50 })).toBe(
      'bytes was 10, which is below 50: 0.5 times the median of up to 7 reports before it',
    );
  });

  it('counts how often a number stayed the same', () => {
    const unchanged = { kind: 'unchanged', metric: 'newest_id', runs: 3, severity } as const;
    expect(brokenWords({ assertion: unchanged, observed: 7, limit: 3 })).toBe(
      'newest_id was 7 for the third success in a row',
    );
  });

  it('names the sum that was too little', () => {
    const busy = {
      kind: 'throughput',
      metric: 'orders',
      atLeast: 10,
      windowMs: 3_600_000,
      severity,
    } as const;
    expect(brokenWords({ assertion: busy, observed: 4, limit: 10 })).toBe(
      'the values of orders of the last 1 h came to 4, but must come to at least 10',
    );
  });

  it('names how long a run should have taken', () => {
    const long = { kind: 'min_duration', durationMs: 5_000, severity } as const;
    expect(brokenWords({ assertion: long, observed: 1_500, limit: 5_000 })).toBe(
      'the run took 1 s 500 ms, but must take at least 5 s',
    );
  });
});
