import { describe, expect, it } from '@jest/globals';
import { CHECK, MINUTE, OTHER_CHECK, SECOND, instant, listening } from './timeline.contract.ts';

const up = (over = {}) => listening(over).ping('12:00:00');

describe('a hole, in which nobody listened', () => {
  it('is told with its ends and numbered among the verdicts of its partition', () => {
    const line = up().passes('12:00:20').leave('a', '12:00:20').join('a', '12:00:25');
    expect(line.verdicts.at(-1)).toEqual({
      v: 1,
      type: 'coverage.hole',
      id: 'partition-0:2',
      partition: 0,
      oseq: 2,
      at: instant('12:00:25'),
      fromAt: instant('12:00:20'),
      untilAt: instant('12:00:25'),
    });
  });

  it('of no length is none: an ingest that leaves and joins at the same instant', () => {
    expect(up().leave('a', '12:00:20').join('a', '12:00:20').told()).toEqual(['12:00:00 check.up up']);
  });

  it('leaves alone what was not due in it', () => {
    const line = up().passes('12:00:20').leave('a', '12:00:20').join('a', '12:00:50');
    expect(line.expectation()).toBe('12:01:00–12:01:10');
  });

  it('after which a ping comes at once is no reason for an alarm', () => {
    const line = up().leave('a', '12:00:55').join('a', '12:01:50').ping('12:01:50.500').passes('12:02:40');
    expect(line.told()).toEqual([
      '12:00:00 check.up up',
      '12:00:55 coverage.hole 12:01:50',
      '12:01:00 check.late up',
    ]);
  });
});

describe('a hole of up to a minute', () => {
  it('moves the deadlines that it meets by its length', () => {
    const line = up().leave('a', '12:01:05').join('a', '12:02:05');
    expect(line.expectation()).toBe('12:01:00–12:02:10');
    expect(line.passes('12:02:10.001').told().at(-1)).toBe('12:02:10 check.missed down');
  });

  it.each([
    ['begins right at the deadline', '12:01:10', '12:01:20', '12:01:00–12:01:20'],
    ['begins right after the deadline', '12:01:10.001', '12:01:20', '12:02:00–12:02:10'],
    ['ends right after the expected time', '12:00:50', '12:01:00.001', '12:01:00–12:01:20.001'],
    ['ends right at the expected time', '12:00:50', '12:01:00', '12:01:00–12:01:10'],
  ])('that %s', (_, from, until, expectation) => {
    const line = up().leave('a', from).join('a', until);
    expect(line.expectation()).toBe(expectation);
  });

  it('never makes a miss of a slot that lay inside it, however short the period', () => {
    const line = up({ schedule: { kind: 'interval', periodMs: 5 * SECOND }, graceMs: SECOND })
      .leave('a', '12:00:04')
      .join('a', '12:00:54')
      .passes('12:01:06');
    expect(line.told().slice(1)).toEqual([
      '12:00:04 coverage.hole 12:00:54',
      '12:00:05 check.late up',
      '12:00:56 check.missed down',
      '12:01:01 check.missed down',
    ]);
  });

  it('gives an open run the time as well', () => {
    const line = up({ schedule: { kind: 'interval', periodMs: 600 * MINUTE }, maxRuntimeMs: MINUTE })
      .ping('12:10:00', { kind: 'start' })
      .leave('a', '12:10:30')
      .join('a', '12:11:20')
      .passes('12:20:00');
    expect(line.told().at(-1)).toBe('12:11:50 check.hung down');
  });

  it('counts from the newest ping of the one that died, for until then it was heard', () => {
    const line = up().unclosedPing('12:00:40').expire('a').join('b', '12:01:40.001');
    expect(line.told()).toContain('12:00:40.001 coverage.hole 12:01:40.001');
    expect(line.expectation()).toBe('12:01:40–12:02:50');
  });
});

describe('a hole of more than a minute', () => {
  const afterIt = (over = {}) => up(over).leave('a', '12:00:59').join('a', '12:02:00');

  it('makes what was due in it unknown, and expects the job again one period after it', () => {
    const line = afterIt();
    expect(line.told().slice(1)).toEqual([
      '12:00:59 coverage.hole 12:02:00',
      '12:02:00 check.unknown unknown',
    ]);
    expect(line.last()).toMatchObject({
      statusBefore: 'up',
      reason: 'not_listening',
      expectedAt: instant('12:01:00'),
      deadlineAt: instant('12:01:10'),
      cause: { kind: 'hole', fromAt: instant('12:00:59'), untilAt: instant('12:02:00') },
    });
    expect(line.expectation()).toBe('12:03:00–12:03:10');
  });

  it('is over for a check with its next success', () => {
    expect(afterIt().ping('12:02:30').last()).toMatchObject({
      type: 'check.up',
      statusBefore: 'unknown',
      reason: 'ping_after_unknown',
    });
  });

  it('does not excuse the miss that comes after it', () => {
    expect(afterIt().passes('12:03:11').told().at(-1)).toBe('12:03:10 check.missed down');
  });

  it('leaves a check down that was down, and counts no slot inside it', () => {
    const line = up().passes('12:01:30').leave('a', '12:01:59').join('a', '12:10:00').passes('12:11:11');
    expect(line.told().slice(2)).toEqual([
      '12:01:10 check.missed down',
      '12:01:59 coverage.hole 12:10:00',
      '12:11:10 check.missed down',
    ]);
  });

  it('says nothing about checks that were new, paused, or not due', () => {
    const line = listening({ checkId: OTHER_CHECK })
      .configure({ schedule: { kind: 'interval', periodMs: 600 * MINUTE } })
      .ping('12:00:00')
      .leave('a', '12:00:59')
      .join('a', '12:20:00');
    expect(line.told()).toEqual(['12:00:00 check.up up', '12:00:59 coverage.hole 12:20:00']);
    expect(line.expectation(CHECK)).toBe('22:00:00–22:00:10');
  });

  it('is told of the checks in the order of their ids, whatever the order of their configuration', () => {
    const line = listening({ checkId: OTHER_CHECK }).configure();
    line.ping('12:00:00').ping('12:00:00.500', { checkId: OTHER_CHECK });
    line.leave('a', '12:00:59').join('a', '12:02:00');
    const ids = line.verdicts.slice(-2).map((verdict) => verdict.id);
    expect(ids).toEqual([`${CHECK}:2`, `${OTHER_CHECK}:2`]);
  });
});

describe('a slot that comes up after a hole in which it lay', () => {
  it('gets what the hole gave to the one before it', () => {
    const schedule = { kind: 'cron', expressions: ['*/15 * * * * *'], zone: 'UTC' } as const;
    const line = listening({ schedule, graceMs: 1_000 }).ping('12:00:00').passes('12:00:15.500');
    line.leave('a', '12:00:15.500').join('a', '12:00:45.400').passes('12:00:46.200');
    expect(line.told().at(-1)).toBe('12:00:45.900 check.missed down');
    expect(line.expectation()).toBe('12:00:45–12:01:15.900');
    expect(line.ping('12:00:46.500').passes('12:00:59').told().at(-1)).toBe(
      '12:00:46.500 check.recovered up',
    );
  });
});

describe('a run that was open while nobody listened', () => {
  const open = () =>
    listening({ schedule: { kind: 'none' }, maxRuntimeMs: 300_000 })
      .ping('12:00:00')
      .ping('12:01:00', { kind: 'start' })
      .passes('12:02:00');

  it('for a minute gets that minute, and says so when it is hung after all', () => {
    const line = open().leave('a', '12:02:00').join('a', '12:03:00').passes('13:00:00');
    expect(line.last()).toMatchObject({ type: 'check.hung', cause: { kind: 'run', extendedByMs: 60_000 } });
  });

  it('for longer is not judged, for its end may have come then', () => {
    const line = open().leave('a', '12:02:00').join('a', '12:30:00').passes('13:00:00');
    expect(line.last()).toMatchObject({ type: 'check.unknown', reason: 'not_listening' });
    expect(line.ping('13:01:00').last()).toMatchObject({
      type: 'check.up',
      cause: { durationMs: 3_600_000, lateEnd: false },
    });
  });
});
