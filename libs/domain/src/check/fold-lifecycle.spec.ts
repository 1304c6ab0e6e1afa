import { describe, expect, it } from '@jest/globals';
import { HEALTHCHECKS_RULES } from './definition.ts';
import {
  CHECK,
  HOUR,
  MINUTE,
  OTHER_CHECK,
  SECOND,
  Timeline,
  definition,
  instant,
  listening,
} from './timeline.contract.ts';

const ONE = '11111111-1111-4111-8111-111111111111';
const seldom = { schedule: { kind: 'interval', periodMs: 10 * HOUR } } as const;

describe('a ping that comes before its check', () => {
  it('is judged when the check is configured, by its own stamp', () => {
    const line = new Timeline().join('a', '11:00').ping('12:00:00').passes('12:00:30').configure();
    expect(line.told()).toEqual(['12:00:00 check.up up']);
    expect(line.check().pingCount).toBe(1);
    expect(line.expectation()).toBe('12:01:00–12:01:10');
  });

  it('is numbered in the order in which several came', () => {
    const line = new Timeline()
      .join('a', '11:00')
      .ping('12:00:00', { kind: 'fail' })
      .ping('12:00:05')
      .configure();
    expect(line.told()).toEqual(['12:00:00 check.failed down', '12:00:05 check.recovered up']);
    expect(line.state.orphans).toEqual([]);
  });

  it('raises no alarm for the time in which nobody knew of the check', () => {
    const line = new Timeline().join('a', '11:00').ping('12:00:00').passes('12:05:00').configure();
    expect(line.told()).toEqual(['12:00:00 check.up up']);
    expect(line.expectation()).toBe('12:06:00–12:06:10');
  });

  it('is kept for its configuration however far the clock goes at once', () => {
    const line = new Timeline()
      .join('a', '11:00')
      .unclosedPing('12:00:00')
      .configure()
      .watermark('a', '12:15:00');
    expect(line.told()[0]).toBe('12:00:00 check.up up');
  });

  it('waits for ten minutes, and no more than a thousand of them', () => {
    const line = new Timeline().join('a', '11:00').ping('12:00:00').passes('12:10:01').configure();
    expect(line.dropped()).toEqual(['unknown_check']);
    for (let count = 0; count <= 1_000; count += 1) line.unclosedPing('12:11:00', { checkId: OTHER_CHECK });
    line.passes('12:11:01');
    expect(line.state.orphans).toHaveLength(1_000);
    expect(line.dropped()).toHaveLength(2);
  });
});

describe('progress', () => {
  const slow = { ...seldom, maxRuntimeMs: 5 * HOUR, progressIntervalMs: 10 * MINUTE } as const;

  it('that fails to come twice makes a run hung, long before its limit', () => {
    const line = listening(slow).ping('12:00:00', { kind: 'start', rid: ONE });
    line
      .ping('12:10:00', { kind: 'progress', rid: ONE })
      .ping('12:25:00', { kind: 'progress', rid: ONE })
      .passes('13:00:00');
    expect(line.told()).toEqual(['12:45:00 check.hung down']);
    expect(line.last()).toMatchObject({
      reason: 'progress_stopped',
      cause: { kind: 'run', rid: ONE, lastSignAt: instant('12:25:00') },
    });
  });

  it('that goes on does not lengthen the run beyond its limit', () => {
    const line = listening({ ...slow, maxRuntimeMs: 30 * MINUTE }).ping('12:00:00', { kind: 'start' });
    line.ping('12:15:00', { kind: 'progress' }).ping('12:29:00', { kind: 'progress' }).passes('13:00:00');
    expect(line.told()).toEqual(['12:30:00 check.hung down']);
    expect(line.last().reason).toBe('max_runtime_exceeded');
  });

  it('satisfies no schedule', () => {
    const line = listening().ping('12:00:00').ping('12:00:50', { kind: 'progress' }).passes('12:01:11');
    expect(line.told().at(-1)).toBe('12:01:10 check.missed down');
  });
});

describe('an end that is sent again', () => {
  it('counts once: the second failure of one run is none', () => {
    const line = listening({ failedThreshold: 2 })
      .ping('12:00:00')
      .ping('12:00:10', { kind: 'start', rid: ONE });
    line.ping('12:00:20', { kind: 'fail', rid: ONE }).ping('12:00:21', { kind: 'fail', rid: ONE });
    expect(line.told()).toEqual(['12:00:00 check.up up', '12:00:20 check.failed up']);
    expect(line.effects.at(-1)).toMatchObject({ kind: 'ping', n: 4, repeated: true, ignored: false });
  });

  it('counts again when another run of that name was started', () => {
    const line = listening(seldom)
      .ping('12:00:00', { kind: 'start', rid: ONE })
      .ping('12:00:01', { rid: ONE });
    line.ping('12:00:02', { kind: 'start', rid: ONE }).ping('12:00:05', { rid: ONE });
    expect(line.check()).toMatchObject({ pingCount: 4, lastDurationMs: 3_000, runs: [] });
  });
});

describe('a run that ends after it was called hung', () => {
  it('brings the check back, and says that it came late and how long it took', () => {
    const line = listening({ ...seldom, maxRuntimeMs: MINUTE }).ping('12:00:00', { kind: 'start', rid: ONE });
    line.passes('12:05:00').ping('12:10:00', { rid: ONE });
    expect(line.last()).toMatchObject({
      type: 'check.recovered',
      cause: { kind: 'ping', lateEnd: true, durationMs: 10 * MINUTE },
    });
  });
});

describe('a miss while an older run is still open', () => {
  it('says that it was blocked', () => {
    const line = listening({ maxRuntimeMs: HOUR })
      .ping('12:00:00')
      .ping('12:00:30', { kind: 'start' })
      .passes('12:01:11');
    expect(line.last()).toMatchObject({
      type: 'check.missed',
      reason: 'blocked_by_previous_run',
      cause: { kind: 'deadline', openRunSinceAt: instant('12:00:30') },
    });
  });
});

describe('a check without a schedule', () => {
  const eventDriven = { schedule: { kind: 'none' }, maxRuntimeMs: MINUTE } as const;

  it('is never missed', () => {
    const line = listening(eventDriven).ping('12:00:00').passes('20:00:00');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
    expect(line.expectation()).toBeNull();
  });

  it('is watched while a run of it is open', () => {
    const line = listening(eventDriven)
      .ping('12:00:00')
      .ping('13:00:00', { kind: 'start' })
      .passes('14:00:00');
    expect(line.told().at(-1)).toBe('13:01:00 check.hung down');
  });
});

describe('a check with a window', () => {
  const window = {
    schedule: { kind: 'window', window: '06:00-08:00', zone: 'UTC' },
    graceMs: 5 * MINUTE,
  } as const;
  const since = () => new Timeline().join('a', '2026-03-01T05:00:00Z').configure(window);

  it('is expected by the end of the next window', () => {
    const line = since().ping('2026-03-01T07:00:00Z');
    expect(line.expectation()).toBe('08:00:00–08:05:00');
  });

  it('is missed at the end of the window and the grace', () => {
    const line = since().ping('2026-03-01T07:00:00Z').passes('09:00');
    expect(line.told().slice(1)).toEqual(['08:00:00 check.late up', '08:05:00 check.missed down']);
  });

  it('does not count a success before the window, and says so', () => {
    const line = since().ping('2026-03-01T07:00:00Z').ping('05:59:59').passes('09:00');
    expect(line.told().slice(1)).toEqual([
      '05:59:59 check.early up',
      '08:00:00 check.late up',
      '08:05:00 check.missed down',
    ]);
  });

  it('counts a success from its opening on', () => {
    const line = since().ping('2026-03-01T07:00:00Z').ping('06:00:00').passes('09:00');
    expect(line.told()).toHaveLength(1);
    expect(line.expectation()).toBe('2026-03-03T08:00:00–2026-03-03T08:05:00');
  });

  it('is not brought back by a success before the window', () => {
    const line = since().ping('2026-03-01T07:00:00Z').passes('09:00').ping('10:00');
    expect(line.told().slice(-2)).toEqual(['08:05:00 check.missed down', '10:00:00 check.early down']);
    expect(line.ping('2026-03-03T06:30:00Z').last().type).toBe('check.recovered');
  });

  it('is not judged when nobody listened while it was open', () => {
    const line = since().ping('2026-03-01T07:00:00Z').passes('05:00').leave('a', '06:30').join('b', '06:45');
    line.watermark('b', '09:00');
    expect(line.told().slice(1)).toEqual([
      '06:30:00 coverage.hole 06:45:00',
      '06:45:00 check.unknown unknown',
    ]);
  });
});

describe('words in a body', () => {
  const filter = {
    start: ['begin'],
    success: ['done'],
    failure: ['ERROR', 'panic'],
    otherwise: 'ignored',
  } as const;
  const filtering = (otherwise: 'ignored' | 'fail' = 'ignored') =>
    listening({ ...seldom, bodyKeywords: { ...filter, otherwise } });

  it.each([
    ['all done', 'success', false],
    ['ERROR: not done', 'fail', false],
    ['begin of job', 'start', false],
    ['nothing of interest', 'success', true],
  ])('say what a ping is, whatever its URL says: %s', (text, kindJudged, ignored) => {
    const line = filtering().ping('12:00:00', { text });
    expect(line.effects.at(-1)).toMatchObject({ kindJudged, ignored });
  });

  it('go before the URL: a failed job that says it is done has succeeded', () => {
    expect(filtering().ping('12:00:00', { kind: 'fail', text: 'done' }).told()).toEqual([
      '12:00:00 check.up up',
    ]);
  });

  it('are looked for as they are written', () => {
    expect(filtering().ping('12:00:00', { text: 'Done' }).told()).toEqual([]);
  });

  it('that do not occur can mean a failure', () => {
    expect(filtering('fail').ping('12:00:00', { text: '?' }).told()).toEqual(['12:00:00 check.failed down']);
    expect(filtering('fail').ping('12:00:00').told()).toEqual(['12:00:00 check.failed down']);
  });
});

describe('a release that is older than its log', () => {
  it('stops at time zone tables that it does not know', () => {
    const event = { v: 1, type: 'tz.activated', producer: 'x', epoch: 1, pseq: 1, version: '2099a' } as const;
    expect(() => listening().record(event)).toThrow('does not know the time zone tables 2099a');
  });

  it('stops at rules that it does not know', () => {
    const event = { v: 1, type: 'rules.activated', producer: 'x', epoch: 1, pseq: 1, version: 99 } as const;
    expect(() => listening().record(event)).toThrow('knows the rules up to 1, not 99');
  });
});

describe('time in which pings may have been lost', () => {
  const suspect = (line: Timeline, from: string, until: string) =>
    line.record({
      v: 1,
      type: 'coverage.suspect',
      producer: 'x',
      epoch: 1,
      pseq: 1,
      fromAt: instant(from),
      untilAt: instant(until),
      reason: 'canary_missing',
    });

  it('is not judged where it is not judged yet', () => {
    const line = listening({ graceMs: 5 * MINUTE })
      .ping('12:00:00')
      .passes('12:03:00');
    suspect(line, '12:00:30', '12:02:30').passes('12:10:00');
    expect(line.told()).toContain('12:02:30 check.unknown unknown');
    expect(line.told().find((told) => told.includes('missed'))).toBe('12:08:30 check.missed down');
  });

  it('gives its length where it is short', () => {
    const line = listening().ping('12:00:00').passes('12:01:05');
    suspect(line, '12:00:50', '12:01:05');
    expect(line.expectation()).toBe('12:01:00–12:01:25');
  });
});

describe('most of a partition that falls silent at once', () => {
  const idOf = (no: number) => `00000000-0000-4000-8000-0000000001${String(no).padStart(2, '0')}`;
  const fleet = (size: number, projects: number, over = {}) => {
    const line = new Timeline().join('a', '11:00');
    for (let no = 0; no < size; no += 1) {
      line.configure({ checkId: idOf(no), projectId: `project-${no % projects}`, ...over });
      line.unclosedPing('12:00:00', { checkId: idOf(no) });
    }
    return line.passes('12:00:01');
  };
  const held = (line: Timeline) =>
    line.verdicts.filter((verdict) => verdict.type === 'check.missed' && verdict.hold).length;

  it('is marked from the twentieth check on', () => {
    expect(held(fleet(30, 3).passes('12:01:11'))).toBe(11);
  });

  it('counts checks: one that is missed twice in a minute is one', () => {
    const often = { schedule: { kind: 'interval', periodMs: 10 * SECOND }, graceMs: SECOND } as const;
    expect(held(fleet(19, 3, often).passes('12:00:45'))).toBe(0);
    expect(held(fleet(20, 3, often).passes('12:00:12'))).toBe(1);
  });

  it('is not, where it is only one or two tenants', () => {
    expect(held(fleet(30, 2).passes('12:01:11'))).toBe(0);
  });

  it('is not, while more than half of it goes on', () => {
    const line = fleet(60, 3);
    for (let no = 0; no < 31; no += 1) line.unclosedPing('12:00:59', { checkId: idOf(no) });
    expect(held(line.passes('12:01:11'))).toBe(0);
  });

  it('is not marked where the check does not want it', () => {
    expect(held(fleet(30, 3, { holdOnMassSilence: false }).passes('12:01:11'))).toBe(0);
  });
});

describe('rules that are changed while a run is open', () => {
  it('give it what they give to new ones, and take nothing back at once', () => {
    const before = { ...seldom, maxRuntimeMs: 10 * MINUTE };
    const longer = listening(before).ping('12:00:00', { kind: 'start' }).passes('12:05:00');
    longer.configure({ ...before, configVersion: 2, maxRuntimeMs: HOUR }).passes('12:59:59');
    expect(longer.told()).toEqual([]);
    const shorter = listening(before).ping('12:00:00', { kind: 'start' }).passes('12:05:00');
    shorter.configure({ ...before, configVersion: 2, maxRuntimeMs: MINUTE }).passes('12:06:00');
    expect(shorter.told()).toEqual(['12:05:00 check.hung down']);
  });
});

describe('a definition from before a rule was there', () => {
  it('is judged as Healthchecks would', () => {
    const { schedule, graceMs, ...rest } = definition();
    const old = Object.fromEntries(Object.entries(rest).filter(([name]) => !(name in HEALTHCHECKS_RULES)));
    const event = JSON.parse(JSON.stringify({ ...old, schedule, graceMs }));
    const line = new Timeline().join('a', '11:00');
    line.record({ v: 1, type: 'check.configured', producer: 'api', epoch: 1, pseq: 1, definition: event });
    expect(line.ping('12:00:00').passes('12:01:11').last().type).toBe('check.missed');
    expect(line.check(CHECK).rules).toMatchObject({ watchedRuns: 'newest', assertions: [] });
    expect(line.check().rules.graceMs).toBe(10 * SECOND);
  });
});
