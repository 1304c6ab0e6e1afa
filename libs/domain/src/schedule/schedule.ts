import { unreachable } from '../assert.ts';
import type { CronFields } from './cron-fields.ts';
import { parseCron } from './cron-parse.ts';
import { shown } from './cron-refusal.ts';
import { nextCronSlot, previousCronSlot } from './cron-slots.ts';
import { zoneProblem } from './zone-problem.ts';
import { zoneNamed, type Zone } from './zone.ts';

export { nearestZoneNames } from './zone-problem.ts';
export { zoneNamed, type Zone } from './zone.ts';
export { ZONE_TABLE_VERSION } from './zone-table.generated.ts';

/** When a job is expected. `interval` counts from its last report; `cron` names instants in a zone. */
export type Schedule =
  | { readonly kind: 'interval'; readonly periodMs: number }
  | { readonly kind: 'cron'; readonly expression: string; readonly zone: string };

/** An interval that was found good: it has no slots of its own, only a distance from an anchor. */
export interface CompiledInterval {
  readonly kind: 'interval';
  readonly periodMs: number;
}

/** A cron schedule that was found good: its slots are instants, whoever asks. */
export interface CompiledCron {
  readonly kind: 'cron';
  readonly fields: CronFields;
  readonly zone: Zone;
}

/** A schedule that was found good and is ready to be asked. */
export type CompiledSchedule = CompiledInterval | CompiledCron;

/** Which field of a request is at fault, and a sentence that says what to write instead. */
export interface ScheduleProblem {
  readonly ok: false;
  readonly field: 'timeout' | 'schedule' | 'tz';
  readonly problem: string;
}

/** A schedule made ready, or why it cannot be. */
export type Compilation = { readonly ok: true; readonly compiled: CompiledSchedule } | ScheduleProblem;

const SHORTEST_PERIOD_MS = 1_000;
const LONGEST_PERIOD_MS = 366 * 86_400_000;

/** Any instant will do to see whether an expression ever happens: 2026-01-01. */
const PROBE_AT = 1_767_225_600_000;

/** Checks a schedule and makes it ready. Never throws: what cannot be watched is answered as a problem. */
export function compileSchedule(schedule: Schedule): Compilation {
  switch (schedule.kind) {
    case 'interval':
      return compileInterval(schedule.periodMs);
    case 'cron':
      return compileCron(schedule.expression, schedule.zone);
    default:
      return unreachable(schedule);
  }
}

function compileInterval(periodMs: number): Compilation {
  if (!(periodMs >= SHORTEST_PERIOD_MS && periodMs <= LONGEST_PERIOD_MS)) {
    const problem = `An interval is from 1 second to 366 days, but this is ${periodMs / 1_000} seconds; write for example 3600 for an hour.`;
    return { ok: false, field: 'timeout', problem };
  }
  if (!Number.isInteger(periodMs)) {
    const problem = `An interval is a whole number of milliseconds, but this is ${periodMs}; write ${Math.round(periodMs)}.`;
    return { ok: false, field: 'timeout', problem };
  }
  return { ok: true, compiled: { kind: 'interval', periodMs } };
}

function compileCron(expression: string, zoneName: string): Compilation {
  const parsed = parseCron(expression);
  if (!parsed.ok) return { ok: false, field: 'schedule', problem: parsed.problem };
  const zone = zoneNamed(zoneName);
  if (zone === null) return { ok: false, field: 'tz', problem: zoneProblem(zoneName) };
  const { fields } = parsed;
  if (nextCronSlot(fields, zone, PROBE_AT) === null) {
    const problem = `"${shown(expression)}" never happens in ${zone.name}: no month that it names has such a day, or the clock jumps over that time; write a date and a time that exist.`;
    return { ok: false, field: 'schedule', problem };
  }
  return { ok: true, compiled: { kind: 'cron', fields, zone } };
}

/** When the job is expected next: one period after the anchor for an interval, else the first slot strictly after it. */
export function nextSlotAfter(schedule: CompiledSchedule, afterMs: number): number | null {
  switch (schedule.kind) {
    case 'interval':
      return afterMs + schedule.periodMs;
    case 'cron':
      return nextCronSlot(schedule.fields, schedule.zone, afterMs);
    default:
      return unreachable(schedule);
  }
}

/** The newest slot at or before an instant; null for intervals, which have no slots of their own. */
export function previousSlotAtOrBefore(schedule: CompiledSchedule, atMs: number): number | null {
  switch (schedule.kind) {
    case 'interval':
      return null;
    case 'cron':
      return previousCronSlot(schedule.fields, schedule.zone, atMs);
    default:
      return unreachable(schedule);
  }
}
