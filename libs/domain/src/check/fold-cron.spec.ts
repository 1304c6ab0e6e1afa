import { describe, expect, it } from '@jest/globals';
import { MINUTE, Timeline, listening } from './timeline.contract.ts';

const cron = (expression: string, zone = 'UTC', graceMs = 5 * MINUTE) => ({
  schedule: { kind: 'cron', expressions: [expression], zone } as const,
  graceMs,
});

describe('a check with a cron schedule', () => {
  it('expects the next slot after a ping, not a period', () => {
    const line = listening(cron('30 12 * * *')).ping('12:00:00');
    expect(line.expectation()).toBe('12:30:00–12:35:00');
  });

  it('is missed once for every slot, with the grace of each', () => {
    const line = listening(cron('0,10,20 12 * * *')).ping('11:50:00').passes('12:59:00');
    expect(line.told().slice(1)).toEqual([
      '12:00:00 check.late up',
      '12:05:00 check.missed down',
      '12:15:00 check.missed down',
      '12:25:00 check.missed down',
    ]);
  });

  it('is missed for every slot also when the grace is longer than the gap between them', () => {
    const line = listening(cron('* * * * *', 'UTC', 3 * MINUTE))
      .ping('12:00:30')
      .passes('12:06:00');
    expect(line.told().slice(1)).toEqual([
      '12:01:00 check.late up',
      '12:04:00 check.missed down',
      '12:05:00 check.missed down',
    ]);
  });

  it('with a grace longer than the gap is satisfied by one ping for all slots before it', () => {
    const line = listening(cron('* * * * *', 'UTC', 3 * MINUTE))
      .ping('12:00:30')
      .ping('12:03:30');
    expect(line.expectation()).toBe('12:04:00–12:07:00');
    expect(line.told()).toEqual(['12:00:30 check.up up', '12:01:00 check.late up']);
  });

  it('misses no slot between a hole’s end and the deadline that the hole moved', () => {
    const line = listening(cron('* * * * *', 'UTC', 10_000)).ping('12:00:30');
    line.leave('a', '12:00:55').join('a', '12:01:55').passes('12:04:00');
    expect(line.told().slice(2)).toEqual([
      '12:01:00 check.late up',
      '12:02:10 check.missed down',
      '12:03:10 check.missed down',
    ]);
  });
});

describe('a daily job over a change of the clocks', () => {
  const since = (start: string, over: object) => new Timeline().join('a', start).configure(over);

  it('is expected an hour earlier in UTC after the clocks went forward', () => {
    const line = since('2026-03-27T00:00:00Z', cron('0 9 * * *', 'Europe/Berlin'));
    line.ping('2026-03-28T08:00:00Z');
    expect(line.expectation()).toBe('2026-03-29T07:00:00–2026-03-29T07:05:00');
  });

  it('at a time that the clocks skip runs right after the gap, and is missed by nobody’s mistake', () => {
    const line = since('2026-03-27T00:00:00Z', cron('30 2 * * *', 'Europe/Berlin'));
    line.ping('2026-03-28T01:30:00Z').ping('2026-03-29T01:01:00Z').passes('2026-03-29T12:00:00Z');
    expect(line.told().filter((told) => told.includes('missed'))).toEqual([]);
    expect(line.expectation()).toBe('2026-03-30T00:30:00–2026-03-30T00:35:00');
  });

  it('at a time that the clocks repeat is expected once', () => {
    const line = since('2026-10-23T00:00:00Z', cron('30 2 * * *', 'Europe/Berlin'));
    line.ping('2026-10-24T00:30:00Z').ping('2026-10-25T00:30:10Z').passes('2026-10-25T12:00:00Z');
    expect(line.told().filter((told) => told.includes('missed'))).toEqual([]);
    expect(line.expectation()).toBe('2026-10-26T01:30:00–2026-10-26T01:35:00');
  });
});
