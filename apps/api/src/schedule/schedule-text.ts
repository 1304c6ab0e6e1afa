import type { Schedule } from '#domain';

/**
 * What people write becomes a schedule: several expressions are several lines of one text. Whether it can be watched is
 * for `compileSchedule` to say.
 */
export interface ScheduleText {
  readonly kind: Schedule['kind'];
  /** Of an interval, its seconds. */
  readonly text: string;
  readonly zone: string;
}

/** The schedule of a text; an interval that is no number has a period that no schedule may have. */
export function scheduleFromText({ kind, text, zone }: ScheduleText): Schedule {
  switch (kind) {
    case 'interval':
      return { kind, periodMs: isNumber(text) ? Number(text) * 1_000 : Number.NaN };
    case 'cron':
    case 'oncalendar':
      return { kind, expressions: linesOf(text), zone };
    case 'window':
      return { kind, window: text, zone };
    case 'none':
      return { kind };
  }
}

/** The kind of a text that comes without one, as Healthchecks guesses it, and a number of seconds is an interval. */
export function guessedKind(text: string): Schedule['kind'] {
  if (isNumber(text)) return 'interval';
  const [line = '', ...more] = linesOf(text);
  return more.length === 0 && line.split(/\s+/).length === 5 ? 'cron' : 'oncalendar';
}

/** Lines that say something; the empty ones between and after them are left out, but for a text that is all empty. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const said = lines.filter((line) => line !== '');
  return said.length === 0 ? [''] : said;
}

function isNumber(text: string): boolean {
  return /^\s*\d{1,10}\s*$/.test(text);
}
