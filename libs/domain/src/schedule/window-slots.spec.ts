import { describe, expect, it } from '@jest/globals';
import {
  compileSchedule,
  nextSlotAfter,
  previousSlotAtOrBefore,
  slotBeginsAt,
  type CompiledSchedule,
} from './schedule.ts';

function windows(window: string, zone = 'UTC'): CompiledSchedule {
  const result = compileSchedule({ kind: 'window', window, zone });
  if (!result.ok) throw new Error(result.problem);
  return result.compiled;
}

function problemOf(window: string, zone = 'UTC'): string {
  const result = compileSchedule({ kind: 'window', window, zone });
  return result.ok ? 'accepted' : `${result.field}: ${result.problem}`;
}

function text(at: number | null): string {
  return at === null ? 'none' : new Date(at).toISOString().slice(0, 16);
}

/** The opening and closing instants of the windows that close after an instant. */
function windowsAfter(compiled: CompiledSchedule, after: string, count: number): string[] {
  const told: string[] = [];
  let at = nextSlotAfter(compiled, Date.parse(after));
  while (at !== null && told.length < count) {
    told.push(`${text(slotBeginsAt(compiled, at))} to ${text(at)}`);
    at = nextSlotAfter(compiled, at);
  }
  return told;
}

describe('a window', () => {
  it.each([
    [
      '06:00-08:00',
      '2026-01-01T07:00:00Z',
      ['2026-01-01T06:00 to 2026-01-01T08:00', '2026-01-02T06:00 to 2026-01-02T08:00'],
    ],
    ['06:00-08:00', '2026-01-01T08:00:00Z', ['2026-01-02T06:00 to 2026-01-02T08:00']],
    [
      'mon,wed 6:30 - 8:15',
      '2026-01-01T00:00:00Z',
      ['2026-01-05T06:30 to 2026-01-05T08:15', '2026-01-07T06:30 to 2026-01-07T08:15'],
    ],
    [
      'Mon..Fri 22:00-02:00',
      '2026-01-02T00:00:00Z',
      [
        '2026-01-01T22:00 to 2026-01-02T02:00',
        '2026-01-02T22:00 to 2026-01-03T02:00',
        '2026-01-05T22:00 to 2026-01-06T02:00',
      ],
    ],
    ['sun 06:00-06:00', '2026-01-01T00:00:00Z', ['2026-01-04T06:00 to 2026-01-05T06:00']],
    ['20:00-24:00', '2026-01-01T00:00:00Z', ['2026-01-01T20:00 to 2026-01-02T00:00']],
    [
      '00:00-24:00',
      '2026-01-01T00:00:00Z',
      ['2026-01-01T00:00 to 2026-01-02T00:00', '2026-01-02T00:00 to 2026-01-03T00:00'],
    ],
  ])('has slots that are its closing instants: %s after %s', (window, after, expected) => {
    expect(windowsAfter(windows(window), after, expected.length)).toEqual(expected);
  });

  it('is read by the clock of its zone', () => {
    expect(windowsAfter(windows('06:00-08:00', 'Asia/Kathmandu'), '2026-01-01T00:00:00Z', 1)).toEqual([
      '2026-01-01T00:15 to 2026-01-01T02:15',
    ]);
  });

  it.each([
    [
      'opens after a gap that holds its opening',
      '02:30-04:00',
      '2026-03-29T00:00:00Z',
      '2026-03-29T01:00 to 2026-03-29T02:00',
    ],
    [
      'closes after a gap that holds its closing',
      '01:00-02:30',
      '2026-03-28T12:00:00Z',
      '2026-03-29T00:00 to 2026-03-29T01:00',
    ],
    [
      'is left out with the gap that holds all of it',
      '02:15-02:45',
      '2026-03-28T12:00:00Z',
      '2026-03-30T00:15 to 2026-03-30T00:45',
    ],
    [
      'opens with the first pass of a repeated time',
      '02:30-04:00',
      '2026-10-24T12:00:00Z',
      '2026-10-25T00:30 to 2026-10-25T03:00',
    ],
    [
      'closes with the last pass of a repeated time',
      '01:00-02:30',
      '2026-10-24T12:00:00Z',
      '2026-10-24T23:00 to 2026-10-25T01:30',
    ],
    [
      'holds both passes of a repeated time',
      '02:15-02:45',
      '2026-10-24T12:00:00Z',
      '2026-10-25T00:15 to 2026-10-25T01:45',
    ],
  ])('%s', (_, window, after, expected) => {
    expect(windowsAfter(windows(window, 'Europe/Berlin'), after, 1)).toEqual([expected]);
  });

  it('of a weekday that the date line took is left out, and one that goes into that day closes with its end', () => {
    expect(windowsAfter(windows('06:00-08:00', 'Pacific/Apia'), '2011-12-29T00:00:00Z', 2)).toEqual([
      '2011-12-29T16:00 to 2011-12-29T18:00',
      '2011-12-30T16:00 to 2011-12-30T18:00',
    ]);
    expect(windowsAfter(windows('thu 22:00-02:00', 'Pacific/Apia'), '2011-12-29T00:00:00Z', 1)).toEqual([
      '2011-12-30T08:00 to 2011-12-30T10:00',
    ]);
  });

  it('is found backwards, and a slot that is not its own begins when it ends', () => {
    const compiled = windows('mon-fri 22:00-02:00', 'Europe/Berlin');
    const closesAt = Date.UTC(2026, 0, 3, 1);
    expect(previousSlotAtOrBefore(compiled, closesAt)).toBe(closesAt);
    expect(text(previousSlotAtOrBefore(compiled, closesAt - 1))).toBe('2026-01-02T01:00');
    expect(text(previousSlotAtOrBefore(compiled, Date.UTC(2026, 0, 5, 12)))).toBe('2026-01-03T01:00');
    expect(slotBeginsAt(compiled, closesAt + 1)).toBe(closesAt + 1);
  });

  it('is none for what is no instant', () => {
    expect(nextSlotAfter(windows('06:00-08:00'), Number.NaN)).toBeNull();
    expect(previousSlotAtOrBefore(windows('06:00-08:00'), Infinity)).toBeNull();
  });

  it.each([
    ['', 'A window is needed'],
    ['6-8', 'is not an opening and a closing time'],
    ['06:00', 'is not an opening and a closing time'],
    ['06:00 08:00', 'is not an opening and a closing time'],
    ['06:00:00-08:00:00', 'is not an opening and a closing time'],
    ['mon tue 06:00-08:00', 'is not an opening and a closing time'],
    ['25:00-26:00', 'write a time from 00:00 to 23:59'],
    ['24:00-06:00', 'write a time from 00:00 to 23:59'],
    ['06:00-08:60', 'write a time from 00:00 to 24:00'],
    ['fri-mon 06:00-08:00', 'write "fri..Sun,mon"'],
    ['weekdays 06:00-08:00', 'is not a weekday; write Mon to Sun'],
    ['mon,,tue 06:00-08:00', 'has an empty place'],
    ['06:00-08:00, 18:00-20:00', 'make a check for each window'],
    ['٣:00-04:00', 'is not an opening and a closing time'],
    ['06:00-08:00\u0000', 'is not an opening and a closing time'],
    [','.repeat(10_000), 'at most 100 characters'],
  ])('is refused with what to write instead: %s', (window, says) => {
    expect(problemOf(window)).toContain(says);
    expect(problemOf(window)).toMatch(/^schedule: .*write .*\.$/);
  });

  it('needs a zone', () => {
    expect(problemOf('06:00-08:00', 'Nowhere')).toMatch(/^tz: /);
  });
});
