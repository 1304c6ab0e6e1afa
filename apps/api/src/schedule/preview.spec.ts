import { describe, expect, it } from '@jest/globals';
import { HttpError } from '#platform';
import { validate } from '../http/validate.ts';
import { previewOf, type Preview } from './preview.ts';
import { previewSchema } from './preview.schema.ts';

const NOW = Date.UTC(2026, 0, 1);

function preview(body: object): Preview {
  return previewOf(validate(previewSchema, body), NOW);
}

function refusal(body: object): string {
  try {
    preview(body);
  } catch (error) {
    if (error instanceof HttpError) return `${error.status} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('the preview of a schedule', () => {
  it('tells when it is expected, in UTC and by the clock of its zone, in words, and what is surprising', () => {
    const body = {
      kind: 'cron',
      schedule: '30 2 * * *',
      tz: 'Europe/Berlin',
      from: '2026-03-28T12:00:00Z',
      count: 2,
    };
    const told = preview(body);
    expect(told).toMatchObject({
      occurrences: ['2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'],
      occurrences_local: ['2026-03-29T03:00:00+02:00', '2026-03-30T02:30:00+02:00'],
      description: 'At 02:30, in Europe/Berlin',
      default_grace: 3_600,
    });
    expect(told.warnings.map(({ code }) => code)).toEqual(['clock_gap', 'clock_overlap', 'clock_gap']);
    expect(told).not.toHaveProperty('windows');
  });

  it('tells the opening and closing of windows', () => {
    expect(
      preview({ kind: 'window', schedule: 'mon-fri 22:00-02:00', tz: 'Asia/Kolkata', count: 1 }),
    ).toMatchObject({
      occurrences: ['2026-01-01T20:30:00Z'],
      occurrences_local: ['2026-01-02T02:00:00+05:30'],
      windows: [{ opens_at: '2026-01-01T16:30:00Z', closes_at: '2026-01-01T20:30:00Z' }],
    });
  });

  it('knows every kind, and what is never expected', () => {
    expect(preview({ kind: 'interval', timeout: 900, count: 2 }).occurrences).toEqual([
      '2026-01-01T00:15:00Z',
      '2026-01-01T00:30:00Z',
    ]);
    expect(preview({ kind: 'interval', schedule: 900, count: 1 }).occurrences).toHaveLength(1);
    expect(preview({ kind: 'interval', schedule: '900', count: 1 }).occurrences).toHaveLength(1);
    expect(preview({ kind: 'oncalendar', schedule: 'daily\nMon 06:00 UTC\n' }).occurrences).toHaveLength(5);
    expect(preview({ kind: 'none' })).toMatchObject({
      occurrences: [],
      occurrences_local: [],
      default_grace: 3_600,
    });
    expect(preview({ kind: 'oncalendar', schedule: '2020-01-01' }).occurrences).toEqual([]);
  });

  it.each([
    ['0 4 * * *', 'At 04:00, in UTC'],
    ['Mon..Fri 06:00', 'At 06:00, Monday to Friday, in UTC'],
    ['3600', 'Every hour'],
    [3600, 'Every hour'],
  ])('guesses the kind that is not given: %j', (schedule, description) => {
    expect(preview({ schedule }).description).toBe(description);
  });

  it('takes several lines without a kind for OnCalendar, and says where cron is to be asked for', () => {
    expect(preview({ schedule: 'daily\nMon 06:00' }).description).toBe(
      'At 00:00, in UTC; At 06:00, Monday, in UTC',
    );
    expect(refusal({ schedule: '0 4 * * *\n0 5 * * *' })).toMatch(/choose the kind cron/);
    expect(preview({ kind: 'cron', schedule: '0 4 * * *\n0 5 * * *\n' }).description).toBe(
      'At 04:00, in UTC; At 05:00, in UTC',
    );
  });

  it('warns of the grace that is asked about', () => {
    expect(preview({ schedule: '0 4 * * *', grace: 0 }).warnings).toMatchObject([{ code: 'grace_zero' }]);
  });

  it.each([
    ['four fields', { kind: 'cron', schedule: '* * * *' }, /^400 schedule: .*five fields.*write/],
    ['four fields of no kind', { schedule: '* * * *' }, /^400 schedule: .*five fields.*write/],
    ['seven fields', { kind: 'cron', schedule: '1 2 3 4 5 6 7' }, /^400 schedule: .*five fields.*write/],
    ['a step of zero', { schedule: '*/0 * * * *' }, /^400 schedule: .*step.*write/],
    ['a reversed range', { schedule: '50-10 * * * *' }, /^400 schedule: .*write two ranges/],
    ['a minute out of range', { schedule: '60 * * * *' }, /^400 schedule: .*out of range; write/],
    ['February 30', { schedule: '0 0 30 2 *' }, /^400 schedule: .*never happens.*write/],
    ['an unknown zone', { schedule: '0 0 * * *', tz: 'Nowhere' }, /^400 tz: .*did you mean/],
    [
      'an unknown zone of an interval',
      { kind: 'interval', timeout: 60, tz: 'Nowhere' },
      /^400 tz: .*did you mean/,
    ],
    [
      'an endless zone',
      { schedule: '0 0 * * *', tz: 'x'.repeat(10_000) },
      /^400 tz: .*write UTC, or a place/,
    ],
    ['@reboot for cron', { kind: 'cron', schedule: '@reboot' }, /^400 schedule: .*write one of @hourly/],
    ['@reboot of no kind', { schedule: '@reboot' }, /^400 schedule: .*write one of minutely/],
    ['Arabic-Indic digits', { schedule: '٣ * * * *' }, /^400 schedule: .*write numbers from 0 to 59/],
    [
      'full-width digits',
      { schedule: '３:00' },
      /^400 schedule: .*write it in plain letters and the digits 0 to 9/,
    ],
    [
      'commas for cron',
      { kind: 'cron', schedule: ','.repeat(10_240) },
      /^400 schedule: .*at most 200 characters; write/,
    ],
    ['commas of no kind', { schedule: ','.repeat(10_240) }, /^400 schedule: .*at most 200 characters; write/],
    [
      'commas for a window',
      { kind: 'window', schedule: ','.repeat(10_240) },
      /^400 schedule: .*at most 100 characters; write/,
    ],
    [
      'ten thousand lines',
      { kind: 'cron', schedule: 'x\n'.repeat(10_000) },
      /^400 schedule: .*at most 20 expressions.*write/,
    ],
    ['a null byte', { schedule: '0 0\u0000 * * *' }, /^400 schedule: .*write/],
    ['nothing', { schedule: '' }, /^400 schedule: .*write/],
    ['empty lines', { kind: 'cron', schedule: ' \n ' }, /^400 schedule: .*write/],
    ['no expression', { kind: 'cron' }, /^400 schedule: It is missing; write/],
    ['no window', { kind: 'window' }, /^400 schedule: It is missing; write/],
    ['an empty body', {}, /^400 timeout: .*write/],
    ['no seconds', { kind: 'interval' }, /^400 timeout: .*write/],
    ['a word for seconds', { kind: 'interval', schedule: 'daily' }, /^400 timeout: .*write/],
    ['an unknown kind', { kind: 'weekly' }, /^400 json validation error: kind has unexpected value; write/],
    [
      'a schedule that is true',
      { schedule: true },
      /^400 json validation error: schedule is neither .*write/,
    ],
    [
      'a wrong beginning',
      { schedule: '0 4 * * *', from: 'now' },
      /^400 json validation error: from is not an instant; write/,
    ],
  ])('refuses within 100 ms, with the field and what to write: %s', (_, body, says) => {
    expect(refusal(body)).toMatch(says);
    // The quickest of a few: a machine that is busy with other things says nothing of us.
    const times = [1, 2, 3].map(() => {
      const begun = performance.now();
      refusal(body);
      return performance.now() - begun;
    });
    expect(Math.min(...times)).toBeLessThan(100);
  });
});
