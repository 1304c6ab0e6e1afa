import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compileSchedule, nextSlotAfter, previousSlotAtOrBefore } from './schedule.ts';

interface Refusal {
  id: string;
  expression: string;
  says: string;
}

const refusals: Refusal[] = JSON.parse(
  readFileSync(new URL('./cron-refusals.golden.json', import.meta.url), 'utf8'),
);

function problemOf(expression: string, zone = 'UTC'): string {
  const result = compileSchedule({ kind: 'cron', expressions: [expression], zone });
  return result.ok ? 'accepted' : `${result.field}: ${result.problem}`;
}

describe('a cron expression', () => {
  it.each(refusals)('is refused with what to write instead: $id $expression', ({ expression, says }) => {
    expect(problemOf(expression)).toContain(says);
    expect(problemOf(expression)).toMatch(/^schedule: .*;? .*write .*[^.]\.$/);
  });

  it.each([
    '1,*/10 * * * *',
    '0 0 LW * *',
    '0 0 15W,l,20-22 * *',
    '@midnight',
    '@Hourly',
    '0 0 29 2 *',
    '0 0 * * 5L',
    '0 0 * * friL,MON#2,3',
    '0 0 30 2 1',
    '5/15 * * * *',
    '*/60 */24 * * *',
    '1-5,3,3 * * * *',
    '0 0 * jan-Mar,12 sun,7',
    '  0\t4  * * *  ',
    '*/10 * * * * *',
    `${Array.from({ length: 60 }, (_, minute) => minute).join(',')} * * * *`,
  ])('is accepted: %s', (expression) => {
    expect(problemOf(expression)).toBe('accepted');
  });

  it('of ten thousand commas is refused by its length alone, and not repeated to its author', () => {
    const problem = problemOf(','.repeat(10_000));
    expect(problem).toContain('at most 200 characters');
    expect(problem.length).toBeLessThan(200);
  });

  it('that only names times over which the clock jumps is refused where it never happens, and only there', () => {
    const lastSundayOfMarchAtTwo = '* 2 25-31 3 */7';
    expect(problemOf(lastSundayOfMarchAtTwo, 'Europe/Berlin')).toContain('never happens in Europe/Berlin');
    expect(problemOf(lastSundayOfMarchAtTwo, 'UTC')).toBe('accepted');
  });

  it('for a far leap day is found by every zone, the more often its clock changes', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'Africa/Casablanca', 'Asia/Gaza']) {
      const result = compileSchedule({ kind: 'cron', expressions: ['*/30 12 * 2 MON#5'], zone });
      if (!result.ok) throw new Error(result.problem);
      const slot = nextSlotAfter(result.compiled, Date.UTC(2072, 2, 1)) ?? 0;
      expect([zone, new Date(slot).toISOString().slice(0, 10)]).toEqual([zone, '2112-02-29']);
      const before = previousSlotAtOrBefore(result.compiled, slot - 1) ?? 0;
      expect([zone, new Date(before).toISOString().slice(0, 10)]).toEqual([zone, '2072-02-29']);
    }
  });
});

describe('a zone', () => {
  it.each([
    ['Europe/Berln', 'did you mean Europe/Berlin'],
    ['europe/berlin', 'did you mean Europe/Berlin'],
    ['Berlin', 'did you mean Europe/Berlin'],
    ['New York', 'did you mean America/New_York'],
    ['Mars/Olympus', 'did you mean '],
    ['+02:00', 'write Etc/GMT-2 for it'],
    ['UTC-5', 'write Etc/GMT+5 for it'],
    ['+0000', 'write UTC for it'],
    ['+05:30', 'write the place, such as Asia/Kolkata'],
    ['+15', 'write the place'],
    ['PST', 'write the place, such as America/Los_Angeles'],
    ['', 'write UTC, or a place such as Europe/Berlin'],
    ['constructor', 'did you mean '],
    ['An/Endless/Name'.repeat(20), 'write UTC, or a place such as Europe/Berlin'],
  ])('is refused with what to write instead: %s', (zone, says) => {
    const problem = problemOf('0 0 * * *', zone);
    expect(problem).toContain(says);
    expect(problem).toMatch(/^tz: /);
    expect(problem.length).toBeLessThan(250);
  });

  it.each([
    'UTC',
    'Europe/Kiev',
    'Europe/Kyiv',
    'US/Eastern',
    'Asia/Calcutta',
    'CET',
    'EST5EDT',
    'Etc/GMT+12',
    'Etc/GMT-14',
  ])('is known by its old names too: %s', (zone) => {
    expect(problemOf('0 0 * * *', zone)).toBe('accepted');
  });
});

describe('an interval', () => {
  it('counts one period from its anchor, and has no slots of its own', () => {
    const result = compileSchedule({ kind: 'interval', periodMs: 60_000 });
    if (!result.ok) throw new Error(result.problem);
    expect(nextSlotAfter(result.compiled, 1_000)).toBe(61_000);
    expect(previousSlotAtOrBefore(result.compiled, 1_000)).toBeNull();
  });

  it.each([1_000, 1_001, 366 * 86_400_000])('of %s ms is accepted', (periodMs) => {
    expect(compileSchedule({ kind: 'interval', periodMs }).ok).toBe(true);
  });

  it.each([0, -1, 999, 366 * 86_400_000 + 1, Number.NaN, Infinity])('of %s ms is refused', (periodMs) => {
    const problem = expect.stringContaining('from 1 second to 366 days');
    expect(compileSchedule({ kind: 'interval', periodMs })).toEqual({ ok: false, field: 'timeout', problem });
  });

  it('of a part of a millisecond is refused', () => {
    const problem = expect.stringContaining('write 1501');
    expect(compileSchedule({ kind: 'interval', periodMs: 1_500.5 })).toEqual({
      ok: false,
      field: 'timeout',
      problem,
    });
  });
});
