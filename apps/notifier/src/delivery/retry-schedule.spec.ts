import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextAttemptAt, WEBHOOK_WAITS_MS } from './retry-schedule.ts';

const HOUR = 3_600_000;
const FAILED_AT = Date.parse('2026-11-06T18:00:00Z');
const MIDDLE = 0.5;

const waitAfter = (attempts: number, jitter = MIDDLE, retryAfterMs?: number): number | null => {
  const at = nextAttemptAt({ attempts, failedAt: FAILED_AT, jitter, retryAfterMs });
  return at === null ? null : at - FAILED_AT;
};

describe('the retry schedule of a webhook', () => {
  it('is 5 s, 1 m, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h after the failures, then the end', () => {
    const waits = Array.from({ length: 12 }, (_, index) => waitAfter(index + 1));
    const minutes = waits.map((wait) => (wait === null ? null : wait / 60_000));
    expect(minutes).toEqual([5 / 60, 1, 5, 30, 120, 300, 600, 840, 1_200, 1_440, null, null]);
  });

  it('lasts over a weekend', () => {
    expect(WEBHOOK_WAITS_MS.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(75 * HOUR);
  });

  it('starts at once', () => {
    expect(waitAfter(0)).toBe(0);
  });

  it('spreads every wait by a fifth both ways', () => {
    expect(waitAfter(1, 0)).toBe(4_000);
    expect(waitAfter(1, 1 - Number.EPSILON)).toBe(6_000);
    expect(waitAfter(10, 0)).toBe(19.2 * HOUR);
  });

  it('never tries earlier than asked, and then at most a fifth and a second later', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 24 * HOUR }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempts, asked, jitter) => {
          const wait = waitAfter(attempts, jitter, asked) ?? Number.NaN;
          const scheduled = waitAfter(attempts, jitter) ?? Number.NaN;
          expect(wait).toBeGreaterThanOrEqual(Math.max(asked, scheduled));
          expect(wait).toBeLessThanOrEqual(Math.max(asked * 1.2 + 1_000, scheduled));
        },
      ),
    );
  });

  it('does not let short waits use it up', () => {
    expect(waitAfter(5, MIDDLE, 1_000)).toBe(2 * HOUR);
  });

  it('ends after the eleventh attempt even when asked to wait', () => {
    expect(waitAfter(11, MIDDLE, 7_000)).toBeNull();
  });
});
