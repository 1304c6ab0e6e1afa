import { describe, expect, it } from '@jest/globals';
import { instant, listening, timeOf, type Timeline } from './timeline.contract.ts';

/**
 * A ping is late when it is stamped before the clock: its ingest was thought dead and came back with what it had
 * taken. Here b is the one, expired at 12:00:02 with a check that is up since noon.
 */
const withDead = (): Timeline =>
  listening().join('b', '11:00').passes('11:59:59').unclosedPing('12:00:00').passes('12:00:02').expire('b');

const late = (line: Timeline, time: string, kind: 'success' | 'fail' = 'success'): Timeline =>
  line.unclosedPing(time, { via: 'b', kind });

describe('a late ping', () => {
  it('counts from its own stamp when nothing was said meanwhile', () => {
    const line = late(withDead().passes('12:00:50'), '12:00:40');
    expect(line.expectation()).toBe('12:01:40–12:01:50');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
  });

  it('older than the newest report is history: numbered, but nothing follows from it', () => {
    const line = withDead().ping('12:00:50');
    const before = line.expectation();
    late(line, '12:00:40', 'fail');
    expect(line.effects.at(-1)).toMatchObject({ kind: 'ping', n: 3, ignored: false });
    expect(line.expectation()).toBe(before);
    expect(line.told()).toEqual(['12:00:00 check.up up']);
  });

  it('does not un-send the miss that it proves wrong, but ends it, and not before it began', () => {
    const line = late(withDead().passes('12:01:30'), '12:01:05');
    expect(line.told().slice(1)).toEqual([
      '12:01:00 check.late up',
      '12:01:10 check.missed down',
      '12:01:10 check.miss_retracted down',
      '12:01:10 check.recovered up',
    ]);
    expect(line.last().downtimeMs).toBe(0);
    expect(line.expectation()).toBe('12:02:05–12:02:15');
  });

  it('does not bring back a check that was rightly missed again after it', () => {
    const line = late(withDead().passes('12:03:30'), '12:01:05');
    expect(line.told().slice(-3)).toEqual([
      '12:02:10 check.missed down',
      '12:03:10 check.missed down',
      '12:03:10 check.miss_retracted down',
    ]);
    expect(line.check().status).toBe('down');
    expect(line.expectation()).toBe('12:04:00–12:04:10');
    expect(line.passes('12:04:11').last()).toMatchObject({ at: instant('12:04:10'), missedInARow: 3 });
  });

  it('ends the newest miss when it is in time for that one, and no verdict goes back in time', () => {
    const line = late(withDead().passes('12:02:30'), '12:02:05');
    expect(line.told().slice(-3)).toEqual([
      '12:02:10 check.missed down',
      '12:02:10 check.miss_retracted down',
      '12:02:10 check.recovered up',
    ]);
    expect(timeOf(line.check().lastReportAt ?? 0)).toBe('12:02:05');
  });

  it('names the miss that it takes back, and only once', () => {
    const line = late(withDead().passes('12:03:30'), '12:01:05');
    const missed = line.verdicts.flatMap((one) => (one.type === 'check.missed' ? [one.seq] : []));
    expect(line.last()).toMatchObject({
      type: 'check.miss_retracted',
      reason: 'ping_came_late',
      cause: { kind: 'retraction', receivedAt: instant('12:01:05'), retractedSeq: missed[0] },
    });
    late(line, '12:00:59');
    expect(line.told().filter((told) => told.includes('retracted'))).toHaveLength(1);
  });

  it('that came after the deadline takes nothing back', () => {
    const line = late(withDead().passes('12:01:30'), '12:01:10.001');
    expect(line.told().slice(-2)).toEqual(['12:01:10 check.missed down', '12:01:10.001 check.recovered up']);
  });

  it('takes a miss back also when a newer report came before it', () => {
    const line = withDead().passes('12:01:30').ping('12:01:40');
    late(line, '12:01:05');
    expect(line.told().slice(-2)).toEqual([
      '12:01:40 check.recovered up',
      '12:01:40 check.miss_retracted up',
    ]);
    expect(line.expectation()).toBe('12:02:40–12:02:50');
  });

  it('takes a miss back also when its client sent it again meanwhile, and that was counted', () => {
    const rid = '11111111-1111-4111-8111-111111111111';
    const line = withDead().passes('12:01:30').ping('12:01:35', { rid });
    line.unclosedPing('12:01:05', { via: 'b', rid });
    expect(line.told().at(-1)).toBe('12:01:35 check.miss_retracted up');
  });

  it('that was for the slot before takes nothing back', () => {
    const schedule = { kind: 'cron', expressions: ['0 * * * *'], zone: 'UTC' } as const;
    const line = listening({ schedule, graceMs: 300_000 }).join('b', '11:00').passes('12:00:00');
    line.ping('12:00:00').expire('b').passes('13:06:00').unclosedPing('12:30:00', { via: 'b' });
    expect(line.told().some((told) => told.includes('retracted'))).toBe(false);
  });

  it('that says fail is told, and moves no deadline back', () => {
    const line = late(withDead().passes('12:03:30'), '12:01:05', 'fail');
    expect(line.told().at(-1)).toBe('12:03:10 check.failed down');
    expect(line.expectation()).toBe('12:04:00–12:04:10');
  });

  it('from within a hole brings a check back, and leaves it the time that the hole gave', () => {
    const line = listening().ping('12:00:00').expire('a').join('b', '12:03:00');
    expect(line.told().at(-1)).toBe('12:03:00 check.unknown unknown');
    line.unclosedPing('12:01:00', { via: 'a' });
    expect(line.told().at(-1)).toBe('12:03:00 check.up up');
    expect(line.expectation()).toBe('12:04:00–12:04:10');
  });

  it('that opens a run begins it at its own stamp', () => {
    const line = withDead().passes('12:00:30').unclosedPing('12:00:25', { via: 'b', kind: 'start' });
    expect(line.check().lastStartAt).toBe(instant('12:00:25'));
    expect(line.passes('12:00:51').told().at(-1)).toBe('12:00:50 check.hung down');
  });

  it('is not followed by a miss before those right behind it in the log are read', () => {
    const line = listening().join('b', '11:00').passes('12:00:00').expire('b').passes('12:10:00');
    for (const minute of ['01', '02', '03', '04', '05', '06', '07', '08', '09'])
      late(line, `12:${minute}:00`);
    expect(line.told()).toEqual(['12:01:00 check.up up']);
    expect(line.expectation()).toBe('12:11:00–12:11:10');
  });

  it('that opens a run does not make it hung before its end, right behind it, is read', () => {
    const line = listening({ maxRuntimeMs: 60_000 }).join('b', '11:00').passes('12:00:00').expire('b');
    line.passes('12:10:00').unclosedPing('12:01:00', { via: 'b', kind: 'start' });
    line.unclosedPing('12:01:30', { via: 'b' });
    expect(line.told()).toEqual(['12:01:30 check.up up']);
    expect(line.check()).toMatchObject({ runs: [], lastDurationMs: 30_000 });
  });

  it('that opens a run does not take the place of a newer run of the same name', () => {
    const line = withDead().ping('12:00:40', { kind: 'start' });
    line.unclosedPing('12:00:30', { via: 'b', kind: 'start' });
    expect(line.check().runs.map(({ startedAt }) => startedAt)).toEqual([instant('12:00:40')]);
  });
});

describe('a ping behind the expected time of a schedule', () => {
  it('does not take away what a hole gave to that slot', () => {
    const line = listening({ schedule: { kind: 'cron', expressions: ['0 * * * *'], zone: 'UTC' } })
      .join('b', '11:00')
      .unclosedPing('11:30:00')
      .passes('11:59:58')
      .unclosedPing('11:59:59')
      .watermark('a', '12:00:11')
      .expire('b');
    expect(line.expectation()).toBe('12:00:00–12:00:30');
  });
});
