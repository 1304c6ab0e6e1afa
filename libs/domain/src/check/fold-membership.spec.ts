import { describe, expect, it } from '@jest/globals';
import { OTHER_CHECK, SECOND, Timeline, instant, listening, timeOf } from './timeline.contract.ts';

/** Two ingests listen; the check is up since noon. */
const two = () =>
  listening().join('b', '11:00').passes('11:59:59').unclosedPing('12:00:00').passes('12:00:01');

describe('the clock of a partition', () => {
  it('is the least watermark of all ingests that joined', () => {
    const line = two().watermark('a', '12:00:50');
    expect(timeOf(line.state.clockAt)).toBe('12:00:01');
    expect(timeOf(line.watermark('b', '12:00:20').state.clockAt)).toBe('12:00:20');
  });

  it('does not go back with a watermark that does', () => {
    const line = two().passes('12:00:30').watermark('a', '12:00:10');
    expect(timeOf(line.state.clockAt)).toBe('12:00:30');
  });

  it('does not go back when an ingest joins with an older time', () => {
    const line = two().passes('12:00:30').join('c', '12:00:05');
    expect(timeOf(line.state.clockAt)).toBe('12:00:30');
    expect(line.state.joined.get('c')?.watermarkAt).toBe(instant('12:00:30'));
  });

  it('does not go back when a ping of a dead ingest was ahead of the one that joins', () => {
    const line = listening().ping('12:00:00').unclosedPing('12:00:20').expire('a').join('b', '12:00:10');
    expect(timeOf(line.state.clockAt)).toBe('12:00:20.001');
    expect(timeOf(line.passes('12:00:15').state.clockAt)).toBe('12:00:20.001');
  });

  it('waits for an ingest that is silent, so nothing is judged meanwhile', () => {
    const line = two().watermark('a', '12:30:00');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
  });

  it('no longer waits for one that left', () => {
    const line = two().leave('b', '12:00:05').watermark('a', '12:01:11');
    expect(line.told().at(-1)).toBe('12:01:10 check.missed down');
  });

  it('stands still while nobody is joined', () => {
    const line = listening().ping('12:00:00').leave('a', '12:00:30').watermark('a', '13:00:00');
    expect(timeOf(line.state.clockAt)).toBe('12:00:30');
    expect(line.dropped()).toEqual(['not_joined']);
  });
});

describe('an expired ingest', () => {
  it('is expired by the first who says so; repeats change nothing', () => {
    const line = two().watermark('a', '12:00:20').expire('b');
    const before = structuredClone(line.state.joined);
    line.expire('b');
    expect(line.state.joined).toEqual(before);
    expect(line.dropped()).toEqual(['not_joined']);
  });

  it('is not expired by a verdict on an older epoch of it', () => {
    const line = two().join('b', '12:00:02').expire('b', 1);
    expect(line.state.joined.get('b')?.epoch).toBe(2);
    expect(line.dropped()).toEqual(['not_joined']);
  });

  it('has its later watermarks ignored, and its pings taken as late ones', () => {
    const line = two().passes('12:00:05').expire('b').watermark('a', '12:00:40').watermark('b', '11:00:00');
    expect(line.dropped()).toEqual(['not_joined']);
    line.unclosedPing('12:00:30', { via: 'b' });
    expect(line.expectation()).toBe('12:01:30–12:01:40');
  });

  it('gives its clients time to come back by another one: twice the lease', () => {
    const line = two().passes('12:01:05').watermark('a', '12:01:15').expire('b');
    expect(line.expectation()).toBe('12:01:00–12:01:30');
    expect(line.watermark('a', '12:01:30').told().at(-1)).toBe('12:01:00 check.late up');
    expect(line.watermark('a', '12:01:31').told().at(-1)).toBe('12:01:30 check.missed down');
  });

  it('gives that time up to the newest instant that anybody was heard, though a third one lags', () => {
    const line = two().join('c', '12:00:01').passes('12:00:50').watermark('c', '12:00:55');
    line.watermark('a', '12:01:05').expire('b');
    expect(line.expectation()).toBe('12:01:00–12:01:30');
  });

  it('gives that time also when the one that was heard meanwhile has left', () => {
    const line = two().passes('12:01:02').leave('a', '12:01:12').expire('b').join('b', '12:01:14');
    expect(line.expectation()).toBe('12:01:00–12:01:32');
  });

  it('gives that time also to what pings lead to that were still waiting', () => {
    const often = { schedule: { kind: 'interval', periodMs: 5 * SECOND }, graceMs: SECOND } as const;
    const line = listening({ ...often, maxRuntimeMs: SECOND })
      .join('b', '11:00')
      .passes('12:00:01');
    line.unclosedPing('12:00:05').unclosedPing('12:00:06', { kind: 'start' });
    line.watermark('a', '12:00:12').expire('b');
    expect(line.expectation()).toBe('12:00:10–12:00:31');
    expect(line.check().runs.map(({ hungAt }) => timeOf(hungAt))).toEqual(['12:00:27']);
    line.passes('12:00:13').ping('12:00:14');
    expect(line.expectation()).toBe('12:00:19–12:00:20');
  });

  it('that was not silent gives nothing', () => {
    const line = two().passes('12:01:05').expire('b');
    expect(line.expectation()).toBe('12:01:00–12:01:10');
  });

  it('gives nothing to deadlines that its death did not touch', () => {
    const line = two().watermark('a', '12:00:15').expire('b');
    expect(line.expectation()).toBe('12:01:00–12:01:10');
  });
});

describe('an ingest that joins again', () => {
  it('ends its older epoch, whose watermarks then count no more', () => {
    const line = two().join('b', '12:00:10').watermark('a', '12:00:20');
    line.record({ v: 1, type: 'watermark', producer: 'b', epoch: 1, pseq: 0, at: instant('12:00:20') });
    expect(timeOf(line.state.clockAt)).toBe('12:00:10');
    expect(line.dropped()).toEqual(['not_joined']);
  });

  it('with an older epoch than it has is dropped', () => {
    const line = two().join('b', '12:00:10');
    line.record({ v: 1, type: 'ingest.joined', producer: 'b', epoch: 1, pseq: 0, at: instant('12:00:20') });
    expect(line.state.joined.get('b')?.epoch).toBe(2);
    expect(line.dropped()).toEqual(['repeated']);
  });

  it('while others listened gives deadlines of its absence the time of a dead one', () => {
    const line = two().passes('12:01:05').watermark('a', '12:01:20').join('b', '12:01:20');
    expect(line.expectation()).toBe('12:01:00–12:01:30');
    expect(line.verdicts.some((verdict) => verdict.type === 'coverage.hole')).toBe(false);
  });
});

describe('an ingest that comes back after everybody was expired, with what it had taken', () => {
  /** b died at noon; a was cut off, expired as well, and took two pings on the way. */
  const cutOff = () =>
    two().expire('b').expire('a').unclosedPing('12:00:30').unclosedPing('12:01:20', { checkId: OTHER_CHECK });

  it('was heard until its newest ping', () => {
    const line = cutOff().join('a', '12:01:40');
    expect(line.told()).toContain('12:01:20.001 coverage.hole 12:01:40');
  });

  it('gives those who had come to the other one some time', () => {
    const line = listening({ schedule: { kind: 'interval', periodMs: 20 * SECOND } }).join('b', '11:00');
    line.unclosedPing('12:00:00').passes('12:00:01').expire('b').expire('a');
    line.unclosedPing('12:01:20', { checkId: OTHER_CHECK }).join('a', '12:01:21');
    expect(line.told()).not.toContain('12:00:30 check.missed down');
    expect(line.told()).toContain('12:00:50 check.missed down');
  });
});

describe('two ingests, one of which stalls', () => {
  /** A check that is due at noon exactly, grace included; b was last heard at 11:59:58.7. */
  const due = () =>
    listening()
      .join('b', '11:00')
      .unclosedPing('11:58:50')
      .passes('11:59:58.700')
      .watermark('a', '11:59:59.900');

  it('do not miss a ping that the stalled one had taken in time', () => {
    const line = due()
      .unclosedPing('12:00:00.050')
      .watermark('a', '12:00:00.150')
      .unclosedPing('11:59:59.990', { via: 'b' });
    expect(line.told()).toEqual(['11:58:50 check.up up', '11:59:50 check.late up']);
    line.watermark('b', '12:00:00.300');
    expect(line.told()).toEqual(['11:58:50 check.up up', '11:59:50 check.late up']);
    expect(timeOf(line.state.clockAt)).toBe('12:00:00.150');
    expect(line.expectation()).toBe('12:01:00.050–12:01:10.050');
  });

  it('take a ping by the living one as in time when the stalled one turns out to be dead', () => {
    const line = due().unclosedPing('12:00:00.050').watermark('a', '12:00:11').expire('b');
    expect(line.told()).toEqual(['11:58:50 check.up up', '11:59:50 check.late up']);
    expect(line.expectation()).toBe('12:01:00.050–12:01:10.050');
  });

  it('miss a job that came by neither, after the time that a dead one gives', () => {
    const line = due().watermark('a', '12:00:11').expire('b').watermark('a', '12:00:20.001');
    expect(line.told().at(-1)).toBe('12:00:20 check.missed down');
    expect(timeOf(line.last().expectedAt ?? 0)).toBe('11:59:50');
  });
});

describe('the first ingest of all', () => {
  it('opens no hole: there was nothing to listen to', () => {
    expect(new Timeline().configure().join('a', '11:00').told()).toEqual([]);
  });

  it('finds its checks configured before it', () => {
    const line = new Timeline().configure().join('a', '11:00').ping('12:00:00');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
    expect(line.check().rules.graceMs).toBe(10 * SECOND);
  });
});

describe('two ingests that died together', () => {
  /** Both were last heard at noon; a is back at 12:05, before anybody could tell that b is not. */
  const dead = () => listening().join('b', '11:00').ping('12:00:00').passes('12:00:01').join('a', '12:05:00');

  it('leave a hole, which shows when the second one is back as well', () => {
    const line = dead().watermark('a', '12:05:30');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
    line.join('b', '12:05:31').passes('12:05:40');
    expect(line.told().slice(1)).toEqual([
      '12:00:01 coverage.hole 12:05:00',
      '12:05:00 check.unknown unknown',
    ]);
    expect(line.expectation()).toBe('12:06:00–12:06:10');
  });

  it('leave the same hole when the second one is judged dead', () => {
    const line = dead().watermark('a', '12:05:30').expire('b');
    expect(line.told().slice(1)).toEqual([
      '12:00:01 coverage.hole 12:05:00',
      '12:05:00 check.unknown unknown',
    ]);
  });

  it('leave a hole also around a moment in which one of them was back', () => {
    const line = listening().join('b', '11:00').ping('12:00:00').passes('12:00:01').join('a', '12:00:02');
    line.join('a', '12:05:00').join('b', '12:05:00').passes('12:05:01');
    expect(line.told().slice(1)).toEqual([
      '12:00:01 coverage.hole 12:00:02',
      '12:00:02 coverage.hole 12:05:00',
      '12:05:00 check.unknown unknown',
    ]);
  });

  it('leave none where a third one listened all the time', () => {
    const line = listening().join('b', '11:00').join('c', '11:00').ping('12:00:00').passes('12:00:01');
    line.watermark('c', '12:00:30').join('a', '12:05:00').watermark('c', '12:05:00').join('b', '12:05:01');
    expect(line.told().some((told) => told.includes('hole'))).toBe(false);
  });
});
