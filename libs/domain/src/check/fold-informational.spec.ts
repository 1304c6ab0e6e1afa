import { describe, expect, it } from '@jest/globals';
import type { CheckRules } from './definition.ts';
import { HOUR, MINUTE, SECOND, listening, type Timeline } from './timeline.contract.ts';

const ONE = '11111111-1111-4111-8111-111111111111';
const TWO = '22222222-2222-4222-8222-222222222222';
const HOURLY = { kind: 'cron', expressions: ['0 * * * *'], zone: 'UTC' } as const;

const told = (line: Timeline, type: string) => line.told().filter((text) => text.includes(type));

/** Runs of a job, one every five minutes from 12:00 on, that take so long each. */
function runsOf(lengthsMs: readonly number[], over: Partial<CheckRules> = {}): Timeline {
  const line = listening({
    schedule: { kind: 'interval', periodMs: 5 * MINUTE },
    graceMs: HOUR,
    maxRuntimeMs: 4 * MINUTE,
    ...over,
  });
  for (const [index, lengthMs] of lengthsMs.entries()) {
    const minute = index * 5;
    const time = `${12 + Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
    const seconds = lengthMs / SECOND;
    line.ping(`${time}:00`, { kind: 'start' });
    line.ping(
      `${time.slice(0, 3)}${String((minute % 60) + Math.floor(seconds / 60)).padStart(2, '0')}:${seconds % 60}`,
    );
  }
  return line;
}

const usual = (count: number) => Array.from({ length: count }, (_, index) => 20_000 + (index % 3) * 250);

describe('a run that takes three times as long as usual', () => {
  it('is called slow, and the status stays', () => {
    const line = runsOf([...usual(10), 61 * SECOND]);
    expect(told(line, 'slow')).toEqual(['12:51:01 check.slow up']);
    expect(line.last()).toMatchObject({
      reason: 'slower_than_usual',
      statusBefore: 'up',
      cause: { kind: 'baseline', durationMs: 61_000, samples: 10 },
    });
  });

  it('is compared with a median that is right to a few per cent', () => {
    const { cause } = runsOf([...usual(10), 61 * SECOND]).last();
    const medianMs = cause.kind === 'baseline' ? cause.medianMs : 0;
    expect(medianMs).toBeGreaterThan(19_500);
    expect(medianMs).toBeLessThan(21_000);
  });

  it('is not called slow before there are ten to compare it with', () => {
    expect(told(runsOf([...usual(9), 61 * SECOND]), 'slow')).toEqual([]);
  });

  it('is not called slow where runs have always differed so much', () => {
    const mixed = [2, 60, 120, 5, 90, 10, 45, 150, 100, 20, 40, 200].map((seconds) => seconds * SECOND);
    expect(told(runsOf([...mixed, 190 * SECOND]), 'slow')).toEqual([]);
  });

  it('is not called slow over half a second', () => {
    expect(told(runsOf([...Array<number>(10).fill(100), 590]), 'slow')).toEqual([]);
  });

  it('is not called slow when it failed: then that is what is told', () => {
    const line = runsOf(usual(10)).ping('12:50:00', { kind: 'start' }).ping('12:52:00', { kind: 'fail' });
    expect(told(line, 'slow')).toEqual([]);
  });

  it('becomes the usual after a while', () => {
    const line = runsOf([...usual(10), ...Array<number>(14).fill(61 * SECOND)]);
    const slow = told(line, 'slow');
    expect(slow.length).toBeGreaterThan(5);
    expect(slow.at(-1)).not.toBe('13:56:01 check.slow up');
  });
});

describe('a start while another run is open', () => {
  const seldom = { schedule: { kind: 'interval', periodMs: 10 * HOUR }, maxRuntimeMs: HOUR } as const;

  it('is an overlap, told with both runs', () => {
    const line = listening({ ...seldom, watchedRuns: 'all' })
      .ping('12:00:00')
      .ping('12:10:00', { kind: 'start', rid: ONE })
      .ping('12:20:00', { kind: 'start', rid: TWO });
    expect(told(line, 'overlap')).toEqual(['12:20:00 check.overlap up']);
    expect(line.last().cause).toMatchObject({ kind: 'runs', rid: TWO, otherRid: ONE });
  });

  it('of the same name is the same run, started again', () => {
    const line = listening(seldom).ping('12:00:00').ping('12:10:00', { kind: 'start', rid: ONE });
    expect(line.ping('12:11:00', { kind: 'start', rid: ONE }).told()).toHaveLength(1);
  });

  it('from elsewhere at the same occasion is a duplicate', () => {
    const line = listening({ ...seldom, schedule: HOURLY, graceMs: HOUR })
      .ping('12:00:01', { kind: 'start', rid: ONE, from: '10.0.0.1' })
      .ping('12:00:02', { kind: 'start', rid: TWO, from: '10.0.0.2' });
    expect(line.told()).toEqual(['12:00:02 check.duplicate_run new']);
    expect(line.last()).toMatchObject({ reason: 'started_elsewhere', cause: { otherRid: ONE } });
  });

  it('from elsewhere at the next occasion is none: jobs move', () => {
    const line = listening({ ...seldom, schedule: HOURLY, graceMs: HOUR })
      .ping('12:00:01', { kind: 'start', rid: ONE, from: '10.0.0.1' })
      .ping('12:00:30', { rid: ONE, from: '10.0.0.1' })
      .ping('13:00:02', { kind: 'start', rid: TWO, from: '10.0.0.2' });
    expect(told(line, 'duplicate')).toEqual([]);
  });

  it('leaves the check what it was', () => {
    const line = listening({ ...seldom, watchedRuns: 'all' }).ping('12:00:00', { kind: 'fail' });
    line.ping('12:10:00', { kind: 'start', rid: ONE }).ping('12:20:00', { kind: 'start', rid: TWO });
    expect(line.last()).toMatchObject({ type: 'check.overlap', statusBefore: 'down', statusAfter: 'down' });
    expect(line.check().lastReason).toBe('fail_signal');
  });
});

describe('where only the newest run is watched, as in Healthchecks', () => {
  const seldom = listening({ schedule: { kind: 'interval', periodMs: 10 * HOUR }, graceMs: HOUR });

  it('a start takes the place of every open run', () => {
    const line = seldom
      .ping('12:00:00')
      .ping('12:10:00', { kind: 'start', rid: ONE })
      .ping('12:20:00', { kind: 'start', rid: TWO })
      .ping('12:30:00', { rid: TWO })
      .passes('15:00');
    expect(told(line, 'hung')).toEqual([]);
    expect(told(line, 'overlap')).toHaveLength(1);
  });

  it('a failure of another name ends the open run as well', () => {
    const line = listening({ graceMs: HOUR }).ping('12:00:00').ping('12:10:00', { kind: 'start', rid: ONE });
    line.ping('12:11:00', { kind: 'fail', rid: TWO });
    expect(line.check().runs).toEqual([]);
  });
});

describe('a success that is too early', () => {
  it('by more than the tolerance is told, nearer to the slot to come than to the one before', () => {
    const line = listening({ schedule: HOURLY }).ping('12:00:05').ping('12:40:00').passes('13:01:00');
    expect(line.told()).toEqual([
      '12:00:05 check.up up',
      '12:40:00 check.early up',
      '13:00:00 check.late up',
      '13:00:10 check.missed down',
    ]);
  });

  it('is told once for one slot', () => {
    const line = listening({ schedule: HOURLY }).ping('12:00:05').ping('12:40:00').ping('12:50:00');
    expect(told(line, 'early')).toHaveLength(1);
  });

  it('within the tolerance counts for the slot to come', () => {
    const line = listening({ schedule: HOURLY, earlyToleranceMs: null }).ping('12:00:05').ping('12:55:00');
    expect(line.expectation()).toBe('14:00:00–14:00:10');
    expect(told(line, 'early')).toEqual([]);
  });

  it('may be so by a quarter of the gap where slots are close to each other', () => {
    const often = {
      schedule: { kind: 'cron', expressions: ['*/4 * * * *'], zone: 'UTC' },
      earlyToleranceMs: null,
    } as const;
    expect(listening(often).ping('12:00:05').ping('12:03:00').expectation()).toBe('12:08:00–12:08:10');
    expect(listening(often).ping('12:00:05').ping('12:02:59').expectation()).toBe('12:04:00–12:04:10');
  });

  it('is taken for the late slot before it while that is still to be kept', () => {
    const line = listening({ schedule: HOURLY, graceMs: HOUR }).ping('12:00:05').ping('13:40:00');
    expect(told(line, 'early')).toEqual([]);
  });
});
