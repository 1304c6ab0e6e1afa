import { describe, expect, it } from '@jest/globals';
import { describeSchedule, type ScheduleDescription } from './describe-schedule.ts';
import type { Schedule } from './schedule.ts';

const fromAt = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const BERLIN = 'Europe/Berlin';

function cron(expression: string, zone = BERLIN): Schedule {
  return { kind: 'cron', expressions: [expression], zone };
}

function oncalendar(expression: string, zone = BERLIN): Schedule {
  return { kind: 'oncalendar', expressions: [expression], zone };
}

function window(text: string): Schedule {
  return { kind: 'window', window: text, zone: BERLIN };
}

function described(schedule: Schedule, graceMs?: number): ScheduleDescription {
  return describeSchedule(schedule, { fromAt, graceMs });
}

function warningsOf(schedule: Schedule, graceMs?: number): string[] {
  return described(schedule, graceMs).warnings.map(({ code, sentence }) => `${code}: ${sentence}`);
}

describe('a schedule in words', () => {
  it.each([
    ['30 2 * * 1-5', 'At 02:30, Monday to Friday'],
    ['* * * * *', 'Every minute'],
    ['*/15 * * * *', 'Every 15 minutes'],
    ['0,30 * * * *', 'Every 30 minutes'],
    ['5/15 * * * *', 'Every 15 minutes from minute 5 on'],
    ['*/7 * * * *', 'Every hour at minutes 0, 7, 14 and so on to 56'],
    ['0 * * * *', 'Every hour'],
    ['10,40 * * * *', 'Every 30 minutes from minute 10 on'],
    ['17 * * * *', 'Every hour at minute 17'],
    ['5 */2 * * *', 'Every 2 hours at minute 5'],
    ['0 1/2 * * *', 'Every 2 hours from 01:00 on'],
    ['15 0,6,12,18 * * *', 'At 00:15, 06:15, 12:15 and 18:15'],
    ['5 9-17 * * 1-5', 'At minute 5 of hours 9 to 17, Monday to Friday'],
    ['* 2 * * *', 'Every minute of hour 2'],
    ['*/10 * * * * *', 'Every 10 seconds'],
    ['* * * * * *', 'Every second'],
    ['*/10 30 4 * * *', 'At 04:30:00, 04:30:10, 04:30:20, 04:30:30, 04:30:40 and 04:30:50'],
    ['*/10 * 4 * * *', 'Every 10 seconds, every minute of hour 4'],
    ['5,7 * * * * *', 'At seconds 5 and 7, every minute'],
    ['0 0 1 * *', 'At 00:00, on the 1st of the month'],
    ['0 0 */2 * *', 'At 00:00, on the 1st, 3rd, 5th and so on to 31st of the month'],
    ['0 0 L * *', 'At 00:00, on the last day of the month'],
    ['0 0 15W,LW * *', 'At 00:00, on the last workday and the workday nearest to the 15th of the month'],
    ['0 0 * * MON#1', 'At 00:00, on the 1st Monday of the month'],
    ['0 0 * * 5L,1', 'At 00:00, on Monday and the last Friday of the month'],
    ['0 0 13 * 5', 'At 00:00, on the 13th of the month or on Friday'],
    [
      '0 0 */2 1,7 0',
      'At 00:00, on the 1st, 3rd, 5th and so on to 31st of the month if it is Sunday, in January and July',
    ],
    ['@yearly', 'At 00:00, on the 1st of the month, in January'],
    ['0 0 * 4-6 6,0', 'At 00:00, Saturday and Sunday, in April to June'],
  ])('says what cron means by %s', (expression, words) => {
    expect(described(cron(expression)).words).toBe(`${words}, in Europe/Berlin`);
  });

  it.each([
    ['Mon..Fri 06:00', 'At 06:00, Monday to Friday, in Europe/Berlin'],
    ['*-*~1', 'At 00:00, on the last day of the month, in Europe/Berlin'],
    [
      'Mon *-05~07/1 10:00',
      'At 10:00, on the 1st to 7th day from the end of the month if it is Monday, in May, in Europe/Berlin',
    ],
    ['2026,2028-1-1', 'At 00:00, on the 1st of the month, in January, in 2026 and 2028, in Europe/Berlin'],
    ['daily America/New_York', 'At 00:00, in America/New_York'],
  ])('says what systemd means by %s', (expression, words) => {
    expect(described(oncalendar(expression)).words).toBe(words);
  });

  it('says the rest too', () => {
    expect(described({ kind: 'interval', periodMs: 15 * MINUTE_MS }).words).toBe('Every 15 minutes');
    expect(described({ kind: 'interval', periodMs: 60 * MINUTE_MS }).words).toBe('Every hour');
    expect(described({ kind: 'interval', periodMs: 90 * MINUTE_MS }).words).toBe('Every 1 hour 30 minutes');
    expect(described({ kind: 'none' }).words).toBe('At no set time: only runs that were started are watched');
    expect(described(window('mon-fri 06:00-08:00')).words).toBe(
      'Between 06:00 and 08:00, Monday to Friday, in Europe/Berlin',
    );
    expect(described(window('22:00-02:00')).words).toBe(
      'Between 22:00 and 02:00 of the next day, every day, in Europe/Berlin',
    );
    expect(described(window('sun 00:00-24:00')).words).toBe(
      'Between 00:00 and 24:00, Sunday, in Europe/Berlin',
    );
    const both = { kind: 'cron', expressions: ['0 6 * * *', '0 18 * * 0'], zone: 'UTC' } as const;
    expect(described(both).words).toBe('At 06:00, in UTC; At 18:00, Sunday, in UTC');
  });

  it('names the next five slots, or as many as there are', () => {
    expect(described(cron('0 4 * * *', 'UTC')).nextAt).toEqual(
      [1, 2, 3, 4, 5].map((day) => Date.UTC(2026, 0, day, 4)),
    );
    expect(described(oncalendar('2026-03-05', 'UTC')).nextAt).toEqual([Date.UTC(2026, 2, 5)]);
    expect(described({ kind: 'none' }).nextAt).toEqual([]);
  });
});

describe('the grace that goes without saying', () => {
  it.each<[Schedule, number]>([
    [{ kind: 'interval', periodMs: 1_000 }, 60],
    [{ kind: 'interval', periodMs: 60 * MINUTE_MS }, 450],
    [{ kind: 'interval', periodMs: 24 * 60 * MINUTE_MS }, 3_600],
    [cron('*/5 * * * *'), 60],
    [cron('*/15 * * * *'), 112.5],
    [cron('0 9-17 * * 1-5'), 450],
    // The spring gap brings these half an hour together.
    [cron('30 1,2 * * *'), 225],
    [cron('30 1,2 * * *', 'UTC'), 450],
    [cron('0 0 1 1 *'), 3_600],
    [oncalendar('2026-03-05'), 3_600],
    [window('06:00-08:00'), 60],
    [{ kind: 'none' }, 3_600],
  ])('is an eighth of the shortest gap, from a minute to an hour: %j', (schedule, seconds) => {
    expect(described(schedule).defaultGraceMs).toBe(seconds * 1_000);
  });

  it('is found quickly also for what is far to search', () => {
    const expressions = ['hourly', ...Array.from({ length: 19 }, (_, hour) => `Mon *-02-29 ${hour}:30`)];
    const times = [1, 2, 3].map(() => {
      const begun = performance.now();
      described({ kind: 'oncalendar', expressions, zone: 'Africa/Casablanca' });
      return performance.now() - begun;
    });
    // It takes some 15 ms; the rest is for a machine that is busy.
    expect(Math.min(...times)).toBeLessThan(200);
  });
});

describe('a warning', () => {
  it('is not given for what nobody is surprised by', () => {
    const quiet = ['*/15 * * * *', '0 * * * *', '0 4 * * *', '30 2 * * 1-5', '0 0 1 * *', '0 9,22 * * *'];
    for (const expression of quiet) {
      expect([expression, warningsOf(cron(expression))]).toEqual([expression, []]);
    }
    expect(warningsOf(window('06:00-08:00'))).toEqual([]);
    expect(warningsOf({ kind: 'none' })).toEqual([]);
    expect(warningsOf({ kind: 'interval', periodMs: 60 * MINUTE_MS })).toEqual([]);
  });

  it('is given for a grace of nothing, and for one that is longer than the gap to the next time', () => {
    expect(warningsOf(cron('0 4 * * *'), 0)).toEqual([
      expect.stringMatching(/^grace_zero: A grace of 0 makes/),
    ]);
    expect(warningsOf(cron('0 * * * *'), 61 * MINUTE_MS)).toEqual([
      expect.stringMatching(
        /^grace_longer_than_period: The grace of 1 hour 1 minute is longer than the 1 hour/,
      ),
    ]);
    expect(warningsOf(cron('0 * * * *'), 60 * MINUTE_MS)).toEqual([]);
    expect(warningsOf({ kind: 'interval', periodMs: MINUTE_MS }, 2 * MINUTE_MS)).toHaveLength(1);
    expect(warningsOf({ kind: 'none' }, 0)).toEqual([]);
  });

  it.each([
    ['*/7 * * * *', 'after minute 56 the next is minute 0 of the following hour, 4 minutes later'],
    ['0 */5 * * *', 'after hour 20 the next is hour 0 of the following day, 4 hours later'],
    ['*/40 * * * *', 'after minute 40 the next is minute 0 of the following hour, 20 minutes later'],
  ])('is given for a step that does not go round: %s', (expression, says) => {
    expect(warningsOf(cron(expression, 'UTC'))).toEqual([expect.stringContaining(says)]);
    expect(described(cron(expression, 'UTC')).warnings[0]?.code).toBe('uneven_step');
  });

  it('is given where cron takes either day field, not where it takes both', () => {
    expect(warningsOf(cron('0 0 13 * 5', 'UTC'))).toEqual([
      expect.stringMatching(/^either_day_field: .*either of/),
    ]);
    expect(warningsOf(cron('0 0 */2 * 5', 'UTC'))).toEqual([]);
    expect(warningsOf(oncalendar('Fri *-*-13', 'UTC'))).toEqual([]);
  });

  it('is given for dates that have all passed', () => {
    expect(warningsOf(oncalendar('2020-01-01', 'UTC'))).toEqual([expect.stringMatching(/^no_more_slots: /)]);
  });

  const SPRING = 'On 2026-03-29 the clock in Europe/Berlin goes forward from 02:00 to 03:00';
  const AUTUMN = 'On 2026-10-25 the clock in Europe/Berlin goes back from 03:00 to 02:00';

  it.each<[string, Schedule, string[]]>([
    [
      'fixed cron',
      cron('30 2 * * *'),
      [
        `clock_gap: ${SPRING}: 02:30 does not exist; it is expected once, right after the change.`,
        `clock_overlap: ${AUTUMN}: 02:30 comes twice; it is expected the first time only.`,
      ],
    ],
    [
      'wildcard cron',
      cron('0 */2 * * *'),
      [
        `clock_gap: ${SPRING}: 02:00 does not exist; it is not expected then, because minute or hour is written with a star.`,
        `clock_overlap: ${AUTUMN}: 02:00 comes twice; it is expected both times, because minute or hour is written with a star.`,
      ],
    ],
    [
      'systemd',
      oncalendar('02:30'),
      [
        `clock_gap: ${SPRING}: 02:30 does not exist; it is not expected at that time.`,
        `clock_overlap: ${AUTUMN}: 02:30 comes twice; it is expected the first time only.`,
      ],
    ],
    [
      'hourly systemd',
      oncalendar('hourly'),
      [
        `clock_overlap: ${AUTUMN}: 02:00 comes twice; it is expected the first time only, and nothing for 1 hour after that.`,
      ],
    ],
    ['only the Sundays of it', cron('30 2 * * 1'), []],
    [
      'a window that opens then',
      window('02:30-04:00'),
      [
        `clock_gap: ${SPRING}: the window opens at 03:00, right after the change.`,
        `clock_overlap: ${AUTUMN}: the window opens the first of two times.`,
      ],
    ],
    [
      'a window that closes then',
      window('sat 22:00-02:30'),
      [
        `clock_gap: ${SPRING}: the window closes at 03:00, right after the change.`,
        `clock_overlap: ${AUTUMN}: the window closes the second of two times.`,
      ],
    ],
    [
      'a window within it',
      window('02:15-02:45'),
      [
        `clock_gap: ${SPRING}: the window does not exist, nothing is expected in it.`,
        `clock_overlap: ${AUTUMN}: the window opens the first time and closes the second time.`,
      ],
    ],
  ])('says on which date the clock is changed over it, and what will happen: %s', (_, schedule, warnings) => {
    expect(warningsOf(schedule)).toEqual(warnings);
  });

  it('is not repeated for twenty expressions: eight of the clock at most', () => {
    const expressions = Array.from({ length: 20 }, (_, minute) => `${minute} 2 * * *`);
    expect(warningsOf({ kind: 'cron', expressions, zone: BERLIN })).toHaveLength(8);
  });
});
