import { describe, expect, it } from '@jest/globals';
import { CHECK, MINUTE, OTHER_CHECK, SECOND, listening } from './timeline.contract.ts';

const up = (over = {}) => listening(over).ping('12:00:00');

describe('a paused check', () => {
  it('is not watched: neither its schedule nor a run that was open', () => {
    const line = up().ping('12:00:05', { kind: 'start' }).change('check.paused').passes('13:00:00');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
    expect(line.check()).toMatchObject({ status: 'paused', expectedAt: null, deadlineAt: null, runs: [] });
  });

  it('is watched again from the next success on', () => {
    const line = up().change('check.paused').passes('12:30:00').ping('12:30:00.001').passes('12:31:11');
    expect(line.told().slice(1)).toEqual([
      '12:30:00.001 check.up up',
      '12:31:00.001 check.late up',
      '12:31:10.001 check.missed down',
    ]);
    expect(line.verdicts[1]).toMatchObject({ statusBefore: 'paused', reason: 'ping_after_pause' });
  });

  it('ignores pings until somebody resumes it when it says so, but keeps them in its history', () => {
    const line = up({ manualResume: true })
      .change('check.paused')
      .ping('12:10:00')
      .ping('12:11:00', { kind: 'fail' });
    expect(line.check().status).toBe('paused');
    expect(line.effects.at(-1)).toMatchObject({ kind: 'ping', n: 3, ignored: true });
    line.change('check.resumed').ping('12:12:00');
    expect(line.told().at(-1)).toBe('12:12:00 check.up up');
  });

  it('is as new when it is resumed, so that resuming never alarms by itself', () => {
    const line = up().passes('12:02:00').change('check.paused').change('check.resumed').passes('14:00:00');
    expect(line.told().at(-1)).toBe('12:01:10 check.missed down');
    expect(line.check()).toMatchObject({ status: 'new', expectedAt: null, downSinceAt: null });
    expect(line.ping('14:00:01').last()).toMatchObject({ type: 'check.up', reason: 'first_ping' });
  });

  it('counts failures from nothing afterwards', () => {
    const line = up({ failedThreshold: 2 })
      .ping('12:00:10', { kind: 'fail' })
      .change('check.paused')
      .change('check.resumed')
      .ping('12:10:00', { kind: 'fail' });
    expect(line.told().at(-1)).toBe('12:10:00 check.failed up');
  });

  it('and only such a check can be resumed', () => {
    const line = up().change('check.resumed');
    expect(line.check().status).toBe('up');
    expect(line.expectation()).toBe('12:01:00–12:01:10');
  });
});

describe('a check that takes POST only', () => {
  it('keeps other pings without being moved by them', () => {
    const line = listening({ methods: 'post' }).ping('12:00:00', { method: 'GET' });
    expect(line.told()).toEqual([]);
    expect(line.effects.at(-1)).toMatchObject({ kind: 'ping', n: 1, ignored: true });
    expect(line.ping('12:00:10', { method: 'POST' }).told()).toEqual(['12:00:10 check.up up']);
  });

  it('does not let an ignored ping end a run', () => {
    const line = listening({ methods: 'post' })
      .ping('12:00:00', { method: 'POST', kind: 'start' })
      .ping('12:00:05', { method: 'GET' });
    expect(line.passes('12:00:11').told()).toEqual(['12:00:10 check.hung down']);
  });
});

describe('a change of configuration', () => {
  it('that only renames moves no deadline', () => {
    const line = up().passes('12:00:30').configure({ configVersion: 2, name: 'Nightly backup' });
    expect(line.expectation()).toBe('12:01:00–12:01:10');
    expect(line.passes('12:01:11').last()).toMatchObject({ type: 'check.missed', configVersion: 2 });
  });

  it('to a shorter period never alarms for the past', () => {
    const line = up({ schedule: { kind: 'interval', periodMs: 60 * MINUTE } }).passes('12:40:00');
    line.configure({ configVersion: 2, schedule: { kind: 'interval', periodMs: MINUTE } });
    expect(line.expectation()).toBe('12:41:00–12:41:10');
    expect(line.passes('12:41:10').told()).not.toContain('12:41:10 check.missed down');
  });

  it('to a longer period counts from the last report', () => {
    const line = up().passes('12:00:30');
    line.configure({ configVersion: 2, schedule: { kind: 'interval', periodMs: 10 * MINUTE } });
    expect(line.expectation()).toBe('12:10:00–12:10:10');
  });

  it('to more grace moves the deadline of the present expectation', () => {
    const line = up()
      .passes('12:01:05')
      .configure({ configVersion: 2, graceMs: 5 * MINUTE });
    expect(line.expectation()).toBe('12:01:00–12:06:00');
    expect(line.passes('12:05:59').told()).not.toContain('12:01:10 check.missed down');
  });

  it('to less grace misses at the moment of the change at the earliest', () => {
    const line = up({ graceMs: 10 * MINUTE })
      .passes('12:05:00')
      .configure({ configVersion: 2, graceMs: SECOND });
    expect(line.passes('12:05:00.001').told().at(-1)).toBe('12:05:00 check.missed down');
  });

  it('to another grace keeps what a hole gave to the deadline', () => {
    const line = up().passes('12:00:40').leave('a', '12:00:40').join('a', '12:01:10');
    expect(line.expectation()).toBe('12:01:00–12:01:40');
    line.configure({ configVersion: 2, graceMs: 20 * SECOND });
    expect(line.expectation()).toBe('12:01:00–12:01:50');
  });

  it('is in force after the pings before it in the log, and for every later one', () => {
    const line = listening().unclosedPing('12:00:00', { method: 'GET' });
    line.configure({ configVersion: 2, methods: 'post' }).ping('12:00:30', { method: 'GET' });
    const ignored = line.effects.flatMap((effect) => (effect.kind === 'ping' ? [effect.ignored] : []));
    expect(ignored).toEqual([false, true]);
  });

  it('holds for a later ping of the same millisecond as well, however finely the clock was told', () => {
    const stories = [['12:00:00.001', '12:00:05'], ['12:00:05']].map((marks) => {
      const line = listening().join('b', '11:00').passes('11:59:00').unclosedPing('12:00:00');
      line.configure({ configVersion: 2, methods: 'post' });
      line.unclosedPing('12:00:00.001', { via: 'b', kind: 'fail' }).watermark('b', '12:00:05');
      for (const mark of marks) line.watermark('a', mark);
      return line.told();
    });
    expect(stories[0]).toEqual(stories[1]);
    expect(stories[0]).toEqual(['12:00:00 check.up up']);
  });

  it('of an older version is dropped', () => {
    const line = up({ configVersion: 5 }).configure({ configVersion: 4, graceMs: 1 });
    expect(line.dropped()).toEqual(['stale_version']);
    expect(line.check().configVersion).toBe(5);
  });

  it('that cannot be understood changes nothing and stops nothing', () => {
    const line = up().configure({
      configVersion: 2,
      schedule: { kind: 'cron', expressions: ['61 * * * *'], zone: 'UTC' },
    });
    expect(line.check().configVersion).toBe(1);
    expect(line.passes('12:01:11').told()).toContain('12:01:10 check.missed down');
  });
});

describe('a removed check', () => {
  it('is silent, and its later pings are dropped by name', () => {
    const line = up().change('check.removed').ping('12:00:30').passes('13:00:00');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
    expect(line.dropped()).toEqual(['unknown_check']);
    expect(line.state.checks.has(CHECK)).toBe(false);
  });

  it('that comes back under its id starts anew, with timers of its own', () => {
    const line = up()
      .change('check.removed')
      .configure({ configVersion: 2 })
      .ping('12:00:50')
      .passes('12:02:01');
    expect(line.told()).toEqual([
      '12:00:00 check.up up',
      '12:00:50 check.up up',
      '12:01:50 check.late up',
      '12:02:00 check.missed down',
    ]);
    expect(line.last().seq).toBe(3);
  });
});

describe('a check that was never configured', () => {
  it('has its pings dropped after ten minutes, and others are not disturbed', () => {
    const line = listening().ping('12:00:00', { checkId: OTHER_CHECK }).ping('12:00:01').passes('12:10:00');
    expect(line.dropped()).toEqual([]);
    line.passes('12:10:00.001');
    expect(line.dropped()).toEqual(['unknown_check']);
    expect(line.told()[0]).toBe('12:00:01 check.up up');
  });

  it('cannot be paused, resumed or removed', () => {
    const line = listening().change('check.paused', OTHER_CHECK).change('check.resumed', OTHER_CHECK);
    line.change('check.removed', OTHER_CHECK);
    expect(line.dropped()).toEqual(['unknown_check', 'unknown_check', 'unknown_check']);
  });
});
