import { describe, expect, it } from '@jest/globals';
import type { Assertion } from './assertion.ts';
import { HOUR, MINUTE, SECOND, listening, type Timeline } from './timeline.contract.ts';

const severity = 'failed';
const asserting = (...assertions: Assertion[]): Timeline =>
  listening({
    schedule: { kind: 'interval', periodMs: HOUR },
    graceMs: HOUR,
    maxRuntimeMs: HOUR,
    assertions,
  });

/** A success each minute from noon on, with one value each. */
function reporting(line: Timeline, metric: string, values: readonly number[]): Timeline {
  for (const [index, value] of values.entries()) {
    line.ping(`12:${String(index).padStart(2, '0')}:00`, { metrics: { [metric]: value } });
  }
  return line;
}

describe('a metric that must be so', () => {
  const rows = { kind: 'metric', metric: 'rows', op: '>', value: 0, required: false, severity } as const;

  it('and is not makes a failure of a success, with the numbers', () => {
    const line = reporting(asserting(rows), 'rows', [10, 0]);
    expect(line.told()).toEqual(['12:00:00 check.up up', '12:01:00 check.failed down']);
    expect(line.last()).toMatchObject({
      reason: 'assertion_broken',
      failedInARow: 1,
      cause: { kind: 'assertion', n: 2, broken: [{ assertion: rows, observed: 0, limit: 0 }] },
    });
  });

  it('and is again brings the check back', () => {
    expect(reporting(asserting(rows), 'rows', [0, 5]).told()).toEqual([
      '12:00:00 check.failed down',
      '12:01:00 check.recovered up',
    ]);
  });

  it('may be called as what every object has', () => {
    const odd = { ...rows, metric: 'constructor', required: true };
    expect(asserting(odd).ping('12:00:00').last().cause).toMatchObject({ broken: [{ observed: null }] });
  });

  it('only degrades where the user says so', () => {
    const line = reporting(asserting({ ...rows, severity: 'degraded' }), 'rows', [10, 0]);
    expect(line.told()).toEqual(['12:00:00 check.up up', '12:01:00 check.degraded up']);
  });

  it('breaks nothing when it is not reported, unless it must be', () => {
    expect(asserting(rows).ping('12:00:00').told()).toEqual(['12:00:00 check.up up']);
    const line = asserting({ ...rows, required: true }).ping('12:00:00');
    expect(line.last()).toMatchObject({ type: 'check.failed', cause: { broken: [{ observed: null }] } });
  });

  it.each([
    ['=', 5, 5],
    ['!=', 4, 5],
    ['<', 4, 5],
    ['<=', 5, 5],
    ['>', 6, 5],
    ['>=', 5, 5],
  ] as const)('holds by its comparison: %s', (op, good, value) => {
    const line = reporting(asserting({ ...rows, op, value }), 'rows', [good]);
    expect(line.check().status).toBe('up');
    const bad = { '=': 6, '!=': 5, '<': 5, '<=': 6, '>': 5, '>=': 4 }[op];
    expect(reporting(asserting({ ...rows, op, value }), 'rows', [bad]).check().status).toBe('down');
  });

  it('counts towards the failure threshold like any failure', () => {
    const line = listening({ assertions: [rows], failedThreshold: 2 });
    expect(reporting(line, 'rows', [1, 0, 0]).told()).toEqual([
      '12:00:00 check.up up',
      '12:01:00 check.failed up',
      '12:02:00 check.failed down',
    ]);
  });
});

describe('a change against the last values', () => {
  const rising = {
    kind: 'change',
    metric: 'warnings',
    direction: 'above',
    factor: 2,
    runs: 5,
    severity,
  } as const;

  it('beyond its factor of their median is a failure', () => {
    const line = reporting(asserting(rising), 'warnings', [10, 11, 9, 10, 21]);
    expect(line.last()).toMatchObject({
      type: 'check.failed',
      cause: { broken: [{ observed: 21, limit: 20 }] },
    });
  });

  it('says nothing before there are three', () => {
    expect(reporting(asserting(rising), 'warnings', [10, 11, 90]).told()).toEqual(['12:00:00 check.up up']);
  });

  it('forgets what is older than it was told to remember', () => {
    const few = { ...rising, runs: 3 };
    const line = reporting(asserting(few), 'warnings', [100, 100, 100, 10, 10, 10, 25]);
    expect(line.last()).toMatchObject({ type: 'check.failed', cause: { broken: [{ limit: 20 }] } });
    expect(line.check().memory.assertions).toEqual([{ kind: 'values', values: [10, 10, 25] }]);
  });

  it('may also be a fall', () => {
    const falling = { ...rising, direction: 'below', factor: 0.5 } as const;
    expect(reporting(asserting(falling), 'warnings', [10, 10, 10, 4]).check().status).toBe('down');
    expect(reporting(asserting(falling), 'warnings', [10, 10, 10, 5]).check().status).toBe('up');
  });
});

describe('a number that does not move', () => {
  const stuck = { kind: 'unchanged', metric: 'count', runs: 3, severity } as const;

  it('for so many runs is a failure', () => {
    const line = reporting(asserting(stuck), 'count', [7, 7, 7]);
    expect(line.last()).toMatchObject({
      type: 'check.failed',
      cause: { broken: [{ observed: 7, limit: 3 }] },
    });
  });

  it('is none as soon as it moves', () => {
    expect(reporting(asserting(stuck), 'count', [7, 7, 8, 8]).told()).toEqual(['12:00:00 check.up up']);
  });
});

describe('a run that is done too fast', () => {
  const least = { kind: 'min_duration', durationMs: 30 * SECOND, severity } as const;

  it('is a failure', () => {
    const line = asserting(least).ping('12:00:00', { kind: 'start' }).ping('12:00:29.999');
    expect(line.last()).toMatchObject({ type: 'check.failed', cause: { broken: [{ observed: 29_999 }] } });
  });

  it('is none at its limit, nor when nobody knows how long it took', () => {
    const line = asserting(least).ping('12:00:00', { kind: 'start' }).ping('12:00:30').ping('12:01:00');
    expect(line.told()).toEqual(['12:00:30 check.up up']);
  });
});

describe('a throughput', () => {
  const three = { kind: 'throughput', metric: null, atLeast: 3, windowMs: 16 * MINUTE, severity } as const;
  const busy = () => {
    const line = asserting(three);
    for (let minute = 0; minute <= 40; minute += 4) line.ping(`12:${String(minute).padStart(2, '0')}:00`);
    return line;
  };

  it('that is kept is not spoken of', () => {
    expect(busy().told()).toEqual(['12:00:00 check.up up']);
  });

  it('that falls below its least is a failure, in silence and at most a thirty-second of the window late', () => {
    const line = busy().passes('13:30:00');
    // The third from the end came at 12:32, so from 12:48 on there are two.
    expect(line.told().slice(1)).toEqual(['12:48:30 check.failed down']);
    expect(line.last()).toMatchObject({
      reason: 'throughput_too_low',
      cause: { kind: 'assertion', n: null, broken: [{ observed: 2, limit: 3 }] },
    });
  });

  it('is judged only after a whole window has been watched', () => {
    const line = asserting(three).ping('12:00:00').passes('12:16:00');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
    expect(line.passes('12:16:01').told().at(-1)).toBe('12:16:00 check.failed down');
  });

  it('keeps the check down until there is enough again', () => {
    const line = asserting(three).ping('12:00:00').passes('12:20:00');
    line.ping('12:21:00').ping('12:22:00');
    expect(line.check().status).toBe('down');
    expect(line.ping('12:23:00').last()).toMatchObject({ type: 'check.recovered' });
  });

  it('may be a sum of what was reported', () => {
    const sum = { ...three, metric: 'processed', atLeast: 100 } as const;
    const line = asserting(sum).ping('12:00:00', { metrics: { processed: 60 } });
    line
      .ping('12:05:00', { metrics: { processed: 60 } })
      .ping('12:15:00')
      .passes('12:16:30');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
    expect(line.passes('12:30:00').told().at(-1)).toBe('12:16:30 check.failed down');
  });

  it('is not judged by time in which nobody listened', () => {
    const line = busy().passes('12:41:00').expire('a').join('b', '13:00:00').watermark('b', '13:15:59');
    expect(line.told().some((text) => text.includes('failed'))).toBe(false);
  });

  it('is not judged while the check is paused', () => {
    const line = busy().change('check.paused').passes('14:00:00');
    expect(line.told()).toEqual(['12:00:00 check.up up']);
  });
});

describe('assertions that are changed', () => {
  it('begin to remember anew', () => {
    const stuck = { kind: 'unchanged', metric: 'count', runs: 3, severity } as const;
    const line = reporting(asserting(stuck), 'count', [7, 7]);
    line.configure({ configVersion: 2, graceMs: HOUR, assertions: [{ ...stuck, runs: 2 }] });
    line.ping('12:02:00', { metrics: { count: 7 } });
    expect(line.check().status).toBe('up');
    expect(line.ping('12:03:00', { metrics: { count: 7 } }).check().status).toBe('down');
  });
});
