import { parseCron, type CronFields } from './cron-fields.ts';
import { nextCronSlot, previousCronSlot } from './cron-slots.ts';
import { nearestZoneNames, zoneNamed, type Zone } from './zone.ts';

/** When a job is expected. `interval` counts from its last report; `cron` names instants in a zone. */
export type Schedule =
  | { readonly kind: 'interval'; readonly periodMs: number }
  | { readonly kind: 'cron'; readonly expression: string; readonly zone: string };

/** A schedule that was found good and is ready to be asked. */
export type CompiledSchedule =
  | { readonly kind: 'interval'; readonly periodMs: number }
  | { readonly kind: 'cron'; readonly fields: CronFields; readonly zone: Zone };

/** Which field of a request is at fault, and a sentence that says what to write instead. */
export interface ScheduleProblem {
  readonly ok: false;
  readonly field: 'timeout' | 'schedule' | 'tz';
  readonly problem: string;
}

export type Compilation = { readonly ok: true; readonly compiled: CompiledSchedule } | ScheduleProblem;

const SHORTEST_PERIOD_MS = 1_000;
const LONGEST_PERIOD_MS = 366 * 86_400_000;

/** Any instant will do to see whether an expression ever happens: 2026-01-01. */
const PROBE_AT = 1_767_225_600_000;

/** Checks a schedule and makes it ready. Never throws: what cannot be watched is answered as a problem. */
export function compileSchedule(schedule: Schedule): Compilation {
  if (schedule.kind === 'interval') return compileInterval(schedule.periodMs);
  const zone = zoneNamed(schedule.zone);
  if (zone === null) return { ok: false, field: 'tz', problem: zoneProblem(schedule.zone) };
  const parsed = parseCron(schedule.expression);
  if (!parsed.ok) return { ok: false, field: 'schedule', problem: parsed.problem };
  if (nextCronSlot(parsed.fields, zone, PROBE_AT) === null) {
    const problem = `"${schedule.expression}" never happens: no month that it names has such a day; write a date that exists.`;
    return { ok: false, field: 'schedule', problem };
  }
  return { ok: true, compiled: { kind: 'cron', fields: parsed.fields, zone } };
}

function compileInterval(periodMs: number): Compilation {
  if (Number.isInteger(periodMs) && periodMs >= SHORTEST_PERIOD_MS && periodMs <= LONGEST_PERIOD_MS) {
    return { ok: true, compiled: { kind: 'interval', periodMs } };
  }
  return {
    ok: false,
    field: 'timeout',
    problem: 'An interval is from 1 second to 366 days; write it in whole seconds.',
  };
}

function zoneProblem(name: string): string {
  const shown = name.length > 40 ? `${name.slice(0, 40)}…` : name;
  const offset = /^(?:utc|gmt)?([+-])0?(\d{1,2})(?::?00)?$/i.exec(name);
  if (offset !== null) {
    const sign = offset[1] === '+' ? '-' : '+';
    return `"${shown}" is not the name of a time zone; write Etc/GMT${sign}${offset[2]} for this fixed offset, or a place such as Europe/Berlin.`;
  }
  return `"${shown}" is not the name of a time zone; did you mean ${nearestZoneNames(name).join(', ')}?`;
}

/** When the job is expected next after an instant: one period later, or the next slot strictly after it. */
export function nextSlotAfter(schedule: CompiledSchedule, afterMs: number): number | null {
  return schedule.kind === 'interval'
    ? afterMs + schedule.periodMs
    : nextCronSlot(schedule.fields, schedule.zone, afterMs);
}

/** The newest slot at or before an instant; null for intervals, which have no slots of their own. */
export function previousSlotAtOrBefore(schedule: CompiledSchedule, atMs: number): number | null {
  return schedule.kind === 'interval' ? null : previousCronSlot(schedule.fields, schedule.zone, atMs);
}
