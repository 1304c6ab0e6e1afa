import { unreachable } from '../assert.ts';
import { nextCalendarSlot, previousCalendarSlot } from './calendar-slots.ts';
import type { CompiledExpression, CompiledSchedule } from './schedule-kinds.ts';
import { nextWindow, previousWindow } from './window-slots.ts';

/**
 * What the fold asks a schedule: its slots. A slot is the instant at which a report is expected; of a window, the
 * instant at which it closes.
 */
export { compileSchedule } from './compile-schedule.ts';
export type { Compilation, CompiledSchedule, Schedule, ScheduleProblem } from './schedule-kinds.ts';
export { nearestZoneNames } from './zone-problem.ts';
export { INITIAL_ZONE_VERSION, isKnownZoneVersion, ZONE_VERSIONS, zoneNamed, type Zone } from './zone.ts';
export { ZONE_TABLE_VERSION } from './zone-table.generated.ts';

/**
 * When the job is expected next: one period after the anchor for an interval, the end of the next window that ends
 * strictly after it, else the first slot strictly after it.
 */
export function nextSlotAfter(schedule: CompiledSchedule, afterMs: number): number | null {
  switch (schedule.kind) {
    case 'interval':
      return afterMs + schedule.periodMs;
    case 'cron':
    case 'oncalendar':
      return earliestAfter(schedule.expressions, afterMs);
    case 'window':
      return nextWindow(schedule.fields, schedule.zone, afterMs)?.closesAt ?? null;
    case 'none':
      return null;
    default:
      return unreachable(schedule);
  }
}

function earliestAfter(expressions: readonly CompiledExpression[], afterMs: number): number | null {
  let earliest: number | null = null;
  for (const { fields, zone } of expressions) {
    const at = nextCalendarSlot(fields, zone, afterMs);
    if (at !== null && (earliest === null || at < earliest)) earliest = at;
  }
  return earliest;
}

/** The newest slot at or before an instant; null for what has no slots of its own (interval, none). */
export function previousSlotAtOrBefore(schedule: CompiledSchedule, atMs: number): number | null {
  switch (schedule.kind) {
    case 'interval':
    case 'none':
      return null;
    case 'cron':
    case 'oncalendar':
      return newestAtOrBefore(schedule.expressions, atMs);
    case 'window':
      return previousWindow(schedule.fields, schedule.zone, atMs)?.closesAt ?? null;
    default:
      return unreachable(schedule);
  }
}

function newestAtOrBefore(expressions: readonly CompiledExpression[], atMs: number): number | null {
  let newest: number | null = null;
  for (const { fields, zone } of expressions) {
    const at = previousCalendarSlot(fields, zone, atMs);
    if (at !== null && (newest === null || at > newest)) newest = at;
  }
  return newest;
}

/** From when on a report counts for a slot: a window's opening, else the slot itself. */
export function slotBeginsAt(schedule: CompiledSchedule, slotAt: number): number {
  if (schedule.kind !== 'window') return slotAt;
  const window = previousWindow(schedule.fields, schedule.zone, slotAt);
  // A slot that these windows do not have is from before a change of them, and begins when it ends.
  return window?.closesAt === slotAt ? window.opensAt : slotAt;
}
