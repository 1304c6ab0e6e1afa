import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-11-06T08:49:30Z');

describe('a Retry-After header', () => {
  it.each([
    ['7', 7_000],
    ['0', 0],
    [' 120 ', 120_000],
    ['0.5001', 501],
    ['Fri, 06 Nov 2026 08:49:37 GMT', 7_000],
    ['Friday, 06-Nov-26 08:49:37 GMT', 7_000],
    ['Fri Nov  6 08:49:37 2026', 7_000],
    ['Fri, 06 Nov 2026 08:49:00 GMT', 0],
  ])('is read as seconds or as a date: %s', (header, waitMs) => {
    expect(retryAfterMs(header, NOW)).toBe(waitMs);
  });

  it.each(['', 'soon', '-5', '7s', '1e3', '2026-11-06', '99999999999', 'Fri, 99 Nov 2026 08:49:37 GMT'])(
    'is ignored when it is neither: "%s"',
    (header) => {
      expect(retryAfterMs(header, NOW)).toBeUndefined();
    },
  );

  it('given several times means the longest of them', () => {
    expect(retryAfterMs(['3', 'soon', '9'], NOW)).toBe(9_000);
    expect(retryAfterMs(undefined, NOW)).toBeUndefined();
  });
});
