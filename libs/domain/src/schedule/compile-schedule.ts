import { unreachable } from '../assert.ts';
import type { CalendarFields } from './calendar-fields.ts';
import { nextCalendarSlot } from './calendar-slots.ts';
import { parseCron } from './cron-parse.ts';
import { parseOnCalendar } from './oncalendar-parse.ts';
import type { Compilation, CompiledExpression, Schedule, ScheduleProblem } from './schedule-kinds.ts';
import { shown } from './schedule-refusal.ts';
import { parseWindow } from './window-parse.ts';
import { zoneProblem } from './zone-problem.ts';
import { INITIAL_ZONE_VERSION, zoneNamed } from './zone.ts';

/** Texts to schedules that can be asked, or the field at fault and what to write instead. */
const SHORTEST_PERIOD_MS = 1_000;
const LONGEST_PERIOD_MS = 366 * 86_400_000;

/** Every slot of the fold asks each expression: so many keep that cheap. */
const MOST_EXPRESSIONS = 20;

/** Of all expressions together: ten of the longest. */
const LONGEST_TEXT = 2_000;

/** Any instant will do to see whether an expression for any year ever happens: 2026-01-01. */
const ANY_YEAR_PROBE_AT = 1_767_225_600_000;

/** A date that is written with its year may have passed, but not before anybody can have watched it: 2000-01-01. */
const WRITTEN_YEARS_PROBE_AT = 946_684_800_000;

/**
 * Checks a schedule and makes it ready, with the zone tables of a version that this release knows. Never throws for
 * what people write: what cannot be watched is answered as a problem.
 */
export function compileSchedule(schedule: Schedule, zoneVersion: string = INITIAL_ZONE_VERSION): Compilation {
  switch (schedule.kind) {
    case 'interval':
      return compileInterval(schedule.periodMs);
    case 'cron':
    case 'oncalendar':
      return compileExpressions(schedule, zoneVersion);
    case 'window':
      return compileWindow(schedule.window, schedule.zone, zoneVersion);
    case 'none':
      return { ok: true, compiled: { kind: 'none' } };
    default:
      return unreachable(schedule);
  }
}

function refused(field: ScheduleProblem['field'], problem: string): ScheduleProblem {
  return { ok: false, field, problem };
}

function compileInterval(periodMs: number): Compilation {
  if (!(periodMs >= SHORTEST_PERIOD_MS && periodMs <= LONGEST_PERIOD_MS)) {
    const problem = `An interval is from 1 second to 366 days, but this is ${periodMs / 1_000} seconds; write for example 3600 for an hour.`;
    return refused('timeout', problem);
  }
  if (!Number.isInteger(periodMs)) {
    const problem = `An interval is a whole number of milliseconds, but this is ${periodMs}; write ${Math.round(periodMs)}.`;
    return refused('timeout', problem);
  }
  return { ok: true, compiled: { kind: 'interval', periodMs } };
}

type ByExpressions = Extract<Schedule, { expressions: readonly string[] }>;

function compileExpressions({ kind, expressions, zone }: ByExpressions, zoneVersion: string): Compilation {
  if (expressions.length === 0) {
    const example = kind === 'cron' ? '0 4 * * *' : '*-*-* 04:00:00';
    return refused('schedule', `At least one expression is needed; write for example "${example}".`);
  }
  if (expressions.length > MOST_EXPRESSIONS) {
    const problem = `A schedule has at most ${MOST_EXPRESSIONS} expressions, but this has ${expressions.length}; write fewer, with lists and ranges.`;
    return refused('schedule', problem);
  }
  const length = expressions.reduce((sum, expression) => sum + expression.length, 0);
  // A single one is refused by its parser, in words of its own.
  if (expressions.length > 1 && length > LONGEST_TEXT) {
    const problem = `The expressions of a schedule have at most ${LONGEST_TEXT} characters together, but these have ${length}; write fewer, or shorter ones.`;
    return refused('schedule', problem);
  }
  const compiled: CompiledExpression[] = [];
  for (const expression of expressions) {
    const result =
      kind === 'cron'
        ? compileCron(expression, zone, zoneVersion)
        : compileOnCalendar(expression, zone, zoneVersion);
    if ('ok' in result) return result;
    compiled.push(result);
  }
  return { ok: true, compiled: { kind, expressions: compiled } };
}

type ExpressionCompilation = CompiledExpression | ScheduleProblem;

function compileCron(expression: string, zoneName: string, zoneVersion: string): ExpressionCompilation {
  const parsed = parseCron(expression);
  if (!parsed.ok) return refused('schedule', parsed.problem);
  const zone = zoneNamed(zoneName, zoneVersion);
  if (zone === null) return refused('tz', zoneProblem(zoneName));
  return happening(expression, { fields: parsed.fields, zone });
}

function compileOnCalendar(expression: string, zoneName: string, zoneVersion: string): ExpressionCompilation {
  const parsed = parseOnCalendar(expression);
  if (!parsed.ok) return refused('schedule', parsed.problem);
  const ownZone = parsed.zone === null ? null : zoneNamed(parsed.zone, zoneVersion);
  if (parsed.zone !== null && ownZone === null) return refused('schedule', zoneProblem(parsed.zone));
  // The schedule's zone must be one also where no expression is read by it: the next change may need it.
  const zone = zoneNamed(zoneName, zoneVersion);
  if (zone === null) return refused('tz', zoneProblem(zoneName));
  return happening(expression, { fields: parsed.fields, zone: ownZone ?? zone });
}

function happening(expression: string, compiled: CompiledExpression): ExpressionCompilation {
  const probeAt = compiled.fields.years === null ? ANY_YEAR_PROBE_AT : WRITTEN_YEARS_PROBE_AT;
  if (nextCalendarSlot(compiled.fields, compiled.zone, probeAt) !== null) return compiled;
  const problem = `"${shown(expression)}" never happens in ${compiled.zone.name}: ${whyNever(compiled.fields)}, or the clock jumps over that time; write a date and a time that exist.`;
  return refused('schedule', problem);
}

function whyNever({ years }: CalendarFields): string {
  const noSuchDay = 'no month that it names has such a day';
  return years === null ? noSuchDay : `${noSuchDay} in its years from 2000 on`;
}

function compileWindow(text: string, zoneName: string, zoneVersion: string): Compilation {
  const parsed = parseWindow(text);
  if (!parsed.ok) return refused('schedule', parsed.problem);
  const zone = zoneNamed(zoneName, zoneVersion);
  if (zone === null) return refused('tz', zoneProblem(zoneName));
  return { ok: true, compiled: { kind: 'window', fields: parsed.fields, zone } };
}
