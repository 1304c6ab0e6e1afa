import { describe, expect, it } from '@jest/globals';
import { compileSchedule, nextSlotAfter } from './schedule.ts';

function problemOf(expression: string, zone = 'UTC'): string {
  const result = compileSchedule({ kind: 'cron', expression, zone });
  return result.ok ? 'accepted' : `${result.field}: ${result.problem}`;
}

describe('a cron expression is refused', () => {
  it.each([
    ['', 'but this has 0'],
    ['* * * *', 'but this has 4'],
    ['* * * * * * *', 'but this has 7'],
    ['? ? ? ? ?', 'minute field "?" is not understood'],
    ['*/0 * * * *', 'has a step of 0'],
    ['0/0 * * * *', 'has a step of 0'],
    ['5-1/0 * * * *', 'has a step of 0'],
    ['*/90 * * * *', 'has a step of 90'],
    ['60 * * * *', 'is out of range; write numbers from 0 to 59'],
    ['0 0 0 * *', 'day-of-month field "0" is out of range'],
    ['0 0 * 13 *', 'month field "13" is out of range'],
    ['0 0 * * 8', 'day-of-week field "8" is out of range'],
    ['0 0 * * FRI-MON', 'write two ranges'],
    ['0 50-10 * * *', 'write two ranges'],
    ['0 0 30 2 *', 'never happens'],
    ['0 0 31 4,6,9,11 *', 'never happens'],
    ['@reboot', 'not a schedule that can be watched'],
    ['٣ * * * *', 'is not understood'],
    ['H * * * *', 'is not understood'],
    ['1,,2 * * * *', 'has an empty place'],
    ['0 0 * * MON#6', 'write #1 to #5'],
    [','.repeat(10_000), 'at most 200 characters'],
  ])('%s', (expression, sentence) => {
    expect(problemOf(expression)).toContain(sentence);
  });

  it.each([
    '1,*/10 * * * *',
    '0 0 LW * *',
    '0 0 15W * *',
    '@midnight',
    '0 0 29 2 *',
    '0 0 * * 5L',
    '0 0 30 2 1',
    '5/15 * * * *',
  ])('but not %s', (expression) => {
    expect(problemOf(expression)).toBe('accepted');
  });
});

describe('a zone is refused', () => {
  it('with the nearest names when it is misspelt', () => {
    expect(problemOf('0 0 * * *', 'Europe/Berln')).toContain('did you mean Europe/Berlin');
  });

  it('with the Etc name when it is a bare offset', () => {
    expect(problemOf('0 0 * * *', '+02:00')).toContain('Etc/GMT-2');
  });
});

describe('an interval', () => {
  it('counts one period from the last report', () => {
    const result = compileSchedule({ kind: 'interval', periodMs: 60_000 });
    expect(result.ok && nextSlotAfter(result.compiled, 1_000)).toBe(61_000);
  });

  it.each([0, 999, 1_500.5, 366 * 86_400_000 + 1, Number.NaN])('of %s ms is refused', (periodMs) => {
    expect(compileSchedule({ kind: 'interval', periodMs }).ok).toBe(false);
  });
});

describe('zones beyond the table', () => {
  it('go on by the pattern of the years before', () => {
    const result = compileSchedule({ kind: 'cron', expression: '0 12 * * *', zone: 'Europe/Berlin' });
    if (!result.ok) throw new Error(result.problem);
    expect(nextSlotAfter(result.compiled, Date.UTC(2050, 6, 1))).toBe(Date.UTC(2050, 6, 1, 10));
    expect(nextSlotAfter(result.compiled, Date.UTC(2050, 0, 1))).toBe(Date.UTC(2050, 0, 1, 11));
  });
});
