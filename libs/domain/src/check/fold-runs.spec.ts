import { describe, expect, it } from '@jest/globals';
import { MINUTE, SECOND, listening } from './timeline.contract.ts';

const ONE = '11111111-1111-4111-8111-111111111111';
const TWO = '22222222-2222-4222-8222-222222222222';

/** Seldom due, so that only its runs are spoken of. */
const seldom = (maxRuntimeMs: number | null) =>
  listening({
    schedule: { kind: 'interval', periodMs: 600 * MINUTE },
    maxRuntimeMs,
    watchedRuns: 'all',
  }).ping('12:00:00');

describe('a run', () => {
  it('that stays open for longer than its limit is hung, at that very limit', () => {
    const line = seldom(5 * MINUTE)
      .ping('12:10:00', { kind: 'start', rid: ONE })
      .passes('12:30:00');
    expect(line.told()).toEqual(['12:00:00 check.up up', '12:15:00 check.hung down']);
    expect(line.last()).toMatchObject({
      reason: 'max_runtime_exceeded',
      cause: { kind: 'run', rid: ONE, maxRuntimeMs: 5 * MINUTE },
    });
  });

  it('that ends exactly at its limit is not hung', () => {
    const line = seldom(5 * MINUTE)
      .ping('12:10:00', { kind: 'start', rid: ONE })
      .ping('12:15:00', { rid: ONE })
      .passes('12:30:00');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
  });

  it('without a limit of its own may take as long as the grace', () => {
    const line = seldom(null).ping('12:10:00', { kind: 'start' }).passes('12:30:00');
    expect(line.told().at(-1)).toBe('12:10:10 check.hung down');
  });

  it('is not hidden by a newer run that ends well', () => {
    const line = seldom(5 * MINUTE)
      .ping('12:10:00', { kind: 'start', rid: ONE })
      .ping('12:11:00', { kind: 'start', rid: TWO })
      .ping('12:12:00', { rid: TWO })
      .passes('12:30:00');
    expect(line.told().slice(1)).toEqual(['12:11:00 check.overlap up', '12:15:00 check.hung down']);
  });

  it('is hung by itself, one verdict a run', () => {
    const line = seldom(5 * MINUTE)
      .ping('12:10:00', { kind: 'start', rid: ONE })
      .ping('12:11:00', { kind: 'start', rid: TWO })
      .passes('12:30:00');
    expect(line.told().slice(1)).toEqual([
      '12:11:00 check.overlap up',
      '12:15:00 check.hung down',
      '12:16:00 check.hung down',
    ]);
  });

  it('that starts again under the same id counts from its newer start', () => {
    const line = seldom(5 * MINUTE)
      .ping('12:10:00', { kind: 'start', rid: ONE })
      .ping('12:14:00', { kind: 'start', rid: ONE })
      .passes('12:16:00');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
    expect(line.passes('12:20:00').told().at(-1)).toBe('12:19:00 check.hung down');
  });

  it('gives the ping that ends it a duration', () => {
    const line = seldom(5 * MINUTE)
      .ping('12:10:00', { kind: 'start', rid: ONE })
      .ping('12:12:30.250', { kind: 'fail', rid: ONE });
    const durations = line.effects.flatMap((effect) => (effect.kind === 'ping' ? [effect.durationMs] : []));
    expect(durations).toEqual([null, null, 150 * SECOND + 250]);
    expect(line.check().lastDurationMs).toBe(150_250);
  });

  it('is ended by its own id only, and all of them by an end without one', () => {
    const line = seldom(5 * MINUTE)
      .ping('12:10:00', { kind: 'start', rid: ONE })
      .ping('12:10:01', { kind: 'start' })
      .ping('12:10:02', { rid: TWO });
    expect(line.check().runs).toHaveLength(2);
    expect(line.ping('12:10:03').check().runs).toEqual([]);
  });

  it('that ends after it was called hung brings the check back', () => {
    const line = seldom(5 * MINUTE)
      .ping('12:10:00', { kind: 'start', rid: ONE })
      .passes('12:16:00')
      .ping('12:20:00', { rid: ONE });
    expect(line.last()).toMatchObject({ type: 'check.recovered', downtimeMs: 5 * MINUTE });
  });

  it('is not ended by a report that is older than its start', () => {
    const line = seldom(5 * MINUTE)
      .join('b', '12:05:00')
      .unclosedPing('12:10:00', { kind: 'start' })
      .passes('12:11:00')
      .expire('b')
      .unclosedPing('12:09:00', { via: 'b' });
    const durations = line.effects.flatMap((effect) => (effect.kind === 'ping' ? [effect.durationMs] : []));
    expect(durations).toEqual([null, null, null]);
    expect(line.passes('12:30:00').told()).toContain('12:15:00 check.hung down');
  });
});

describe('a start', () => {
  it('shows when it came, and leaves the expectation alone', () => {
    const line = listening({ maxRuntimeMs: 60 * MINUTE })
      .ping('12:00:00')
      .ping('12:00:50', { kind: 'start' });
    expect(line.expectation()).toBe('12:01:00–12:01:10');
    expect(line.check().lastStartAt).toBe(line.state.clockAt - 1);
  });
});
