import { describe, expect, it } from '@jest/globals';
import { MINUTE, SECOND, listening } from './timeline.contract.ts';

describe('a new check', () => {
  it('expects nothing before its first ping, however long that takes', () => {
    expect(listening().passes('23:00').told()).toEqual([]);
  });

  it('comes up with its first success and says why', () => {
    const line = listening().ping('12:00:00');
    expect(line.last()).toMatchObject({
      type: 'check.up',
      id: '00000000-0000-4000-8000-000000000001:1',
      statusBefore: 'new',
      statusAfter: 'up',
      reason: 'first_ping',
      expectedAt: null,
      configVersion: 1,
      cause: { kind: 'ping', n: 1, exitStatus: null },
    });
    expect(line.expectation()).toBe('12:01:00–12:01:10');
  });

  it('goes down with a first failure', () => {
    expect(listening().ping('12:00:00', { kind: 'fail' }).told()).toEqual(['12:00:00 check.failed down']);
  });

  it('is not brought up by a start or a log message', () => {
    const line = listening({ maxRuntimeMs: 60 * MINUTE })
      .ping('12:00:00', { kind: 'start' })
      .ping('12:00:05', { kind: 'log' });
    expect(line.told()).toEqual([]);
    expect(line.expectation()).toBeNull();
  });
});

describe('a job that pings in time', () => {
  it('is never spoken of again', () => {
    const line = listening();
    for (const minute of ['00', '01', '02', '03', '04']) line.ping(`12:${minute}:00`);
    expect(line.told()).toEqual(['12:00:00 check.up up']);
  });

  it('is not satisfied by starts or log messages', () => {
    const line = listening({ maxRuntimeMs: 60 * MINUTE })
      .ping('12:00:00')
      .ping('12:00:59', { kind: 'start' })
      .ping('12:01:05', { kind: 'log' })
      .passes('12:01:11');
    expect(line.told()).toEqual([
      '12:00:00 check.up up',
      '12:01:00 check.late up',
      '12:01:10 check.missed down',
    ]);
  });
});

describe('a deadline', () => {
  const upSinceNoon = () => listening().ping('12:00:00');

  it.each([
    ['1 ms before it', '12:01:09.999'],
    ['exactly at it', '12:01:10.000'],
  ])('is kept by a ping %s', (_, time) => {
    const line = upSinceNoon().ping(time).passes('12:01:40');
    expect(line.told()).toEqual(['12:00:00 check.up up', '12:01:00 check.late up']);
  });

  it('is missed by a ping 1 ms after it', () => {
    const line = upSinceNoon().ping('12:01:10.001');
    expect(line.told()).toEqual([
      '12:00:00 check.up up',
      '12:01:00 check.late up',
      '12:01:10 check.missed down',
      '12:01:10.001 check.recovered up',
    ]);
  });

  it('has not passed while the clock only stands at it', () => {
    expect(upSinceNoon().passes('12:01:10.000').told()).not.toContain('12:01:10 check.missed down');
    expect(upSinceNoon().passes('12:01:10.001').told()).toContain('12:01:10 check.missed down');
  });

  it('that passes explains itself', () => {
    const line = upSinceNoon().passes('12:01:11');
    expect(line.last()).toMatchObject({
      type: 'check.missed',
      statusBefore: 'up',
      statusAfter: 'down',
      reason: 'no_ping_by_deadline',
      missedInARow: 1,
      configVersion: 1,
      cause: { kind: 'deadline', lastPingOffset: 2, graceMs: 10 * SECOND },
    });
    expect(line.last().expectedAt).toBe(line.last().at - 10 * SECOND);
    expect(line.last().deadlineAt).toBe(line.last().at);
  });
});

describe('a job that stays away', () => {
  it('is late once, and missed once for every slot', () => {
    const line = listening().ping('12:00:00').passes('12:04:00');
    expect(line.told()).toEqual([
      '12:00:00 check.up up',
      '12:01:00 check.late up',
      '12:01:10 check.missed down',
      '12:02:10 check.missed down',
      '12:03:10 check.missed down',
    ]);
    expect(line.last()).toMatchObject({ seq: 5, missedInARow: 3, statusBefore: 'down' });
  });

  it('is never late when there is no grace to be late in', () => {
    const line = listening({ graceMs: 0 }).ping('12:00:00').passes('12:01:30');
    expect(line.told()).toEqual(['12:00:00 check.up up', '12:01:00 check.missed down']);
  });

  it('goes down only at the threshold of misses, and starts counting anew after a ping', () => {
    const line = listening({ missedThreshold: 2 })
      .ping('12:00:00')
      .passes('12:01:30')
      .ping('12:01:40')
      .passes('12:03:51');
    expect(line.told().filter((told) => !told.includes('late'))).toEqual([
      '12:00:00 check.up up',
      '12:01:10 check.missed up',
      '12:02:50 check.missed up',
      '12:03:50 check.missed down',
    ]);
  });

  it('is missed at the times of its schedule even when the clock jumps over them', () => {
    const inSteps = listening().ping('12:00:00');
    for (let minute = 10; minute < 60; minute += 1) inSteps.passes(`12:${minute}:00`);
    const atOnce = listening().ping('12:00:00').passes('12:59:00');
    expect(atOnce.verdicts).toEqual(inSteps.verdicts);
  });
});

describe('a failure', () => {
  it('takes a check down at once and names the signal', () => {
    const line = listening().ping('12:00:00').ping('12:00:30', { kind: 'fail' });
    expect(line.last()).toMatchObject({ type: 'check.failed', statusAfter: 'down', reason: 'fail_signal' });
    expect(line.expectation()).toBe('12:01:30–12:01:40');
  });

  it('by exit status carries the status', () => {
    const line = listening().ping('12:00:00').ping('12:00:30', { kind: 'fail', exitStatus: 137 });
    expect(line.last()).toMatchObject({
      reason: 'exit_status',
      cause: { kind: 'ping', n: 2, exitStatus: 137 },
    });
  });

  it('below its threshold is told but leaves the check up, and a success forgets it', () => {
    const line = listening({ failedThreshold: 2 })
      .ping('12:00:00')
      .ping('12:00:20', { kind: 'fail' })
      .ping('12:00:40')
      .ping('12:01:00', { kind: 'fail' })
      .ping('12:01:20', { kind: 'fail' });
    expect(line.told()).toEqual([
      '12:00:00 check.up up',
      '12:00:20 check.failed up',
      '12:01:00 check.failed up',
      '12:01:20 check.failed down',
    ]);
  });

  it('ends a row of misses, for the job has reported', () => {
    const line = listening({ missedThreshold: 2, failedThreshold: 9 })
      .ping('12:00:00')
      .passes('12:01:30')
      .ping('12:01:40', { kind: 'fail' })
      .passes('12:03:00');
    expect(line.told().at(-1)).toBe('12:02:50 check.missed up');
  });
});

describe('a recovery', () => {
  it('carries the downtime since the first miss', () => {
    const line = listening().ping('12:00:00').passes('12:03:30').ping('12:03:40');
    expect(line.last()).toMatchObject({
      type: 'check.recovered',
      statusBefore: 'down',
      statusAfter: 'up',
      reason: 'success_after_down',
      downtimeMs: 2 * MINUTE + 30 * SECOND,
    });
  });

  it('waits for as many successes as its threshold asks for, and a failure between them starts the count again', () => {
    const line = listening({ recoveryThreshold: 2 })
      .ping('12:00:00')
      .ping('12:00:10', { kind: 'fail' })
      .ping('12:00:20')
      .ping('12:00:30', { kind: 'fail' })
      .ping('12:00:40')
      .ping('12:00:50');
    expect(line.told()).toEqual([
      '12:00:00 check.up up',
      '12:00:10 check.failed down',
      '12:00:30 check.failed down',
      '12:00:50 check.recovered up',
    ]);
    expect(line.last().downtimeMs).toBe(40 * SECOND);
  });

  it('is forgotten by a miss in between as well', () => {
    const line = listening({ recoveryThreshold: 2 })
      .ping('12:00:00')
      .ping('12:00:10', { kind: 'fail' })
      .ping('12:00:20')
      .passes('12:01:31')
      .ping('12:01:40');
    expect(line.told().at(-1)).toBe('12:01:30 check.missed down');
    expect(line.ping('12:01:50').told().at(-1)).toBe('12:01:50 check.recovered up');
  });
});
