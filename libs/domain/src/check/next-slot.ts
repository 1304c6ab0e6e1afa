import { nextSlotAfter, previousSlotAtOrBefore, slotBeginsAt } from '../schedule/schedule.ts';
import type { CheckRow } from './check-row.ts';
import type { CheckRules } from './definition.ts';

/** However far apart the slots are, nobody means the next one by a report that comes earlier than this. */
const EARLY_TOLERANCE_MAX_MS = 5 * 60_000;

/** What a report at some instant leaves to be expected. */
export interface AfterReport {
  /** The next expectation; null when nothing is expected any more. */
  readonly nextAt: number | null;
  /** The slot that this report probably meant and is too early for. */
  readonly tooEarlyFor: number | null;
}

/**
 * The expectation that follows a report. It counts for the latest slot that began at most the early tolerance after
 * it; by default that is a quarter of the gap between the slots, so that one report never counts for two.
 */
export function afterReport(check: CheckRow, reportedAt: number): AfterReport {
  const { schedule } = check;
  const nextAt = nextSlotAfter(schedule, reportedAt);
  if (nextAt === null || schedule.kind === 'interval' || schedule.kind === 'none') {
    return { nextAt, tooEarlyFor: null };
  }
  if (schedule.kind === 'window') {
    const isOpen = slotBeginsAt(schedule, nextAt) <= reportedAt;
    return isOpen
      ? { nextAt: nextSlotAfter(schedule, nextAt), tooEarlyFor: null }
      : { nextAt, tooEarlyFor: nextAt };
  }
  const isFree = check.expectedAt === nextAt;
  if (check.rules.earlyToleranceMs === 0 && !isFree) return { nextAt, tooEarlyFor: null };
  const previousAt = previousSlotAtOrBefore(schedule, reportedAt) ?? -Infinity;
  if (nextAt - reportedAt <= toleranceMs(check.rules, nextAt - previousAt)) {
    return { nextAt: nextSlotAfter(schedule, nextAt), tooEarlyFor: null };
  }
  const isNearer = nextAt - reportedAt < reportedAt - previousAt;
  return { nextAt, tooEarlyFor: isNearer ? nextAt : null };
}

/** How long before a slot a report counts for it, by the gap to the slot before. */
function toleranceMs({ earlyToleranceMs }: CheckRules, gapMs: number): number {
  return earlyToleranceMs ?? Math.min(EARLY_TOLERANCE_MAX_MS, Math.floor(gapMs / 4));
}

/** From which instant on, itself not included, a report would have been for this slot and not for the one before. */
export function reportsCountAfter(check: CheckRow, slotAt: number): number {
  const { schedule, rules } = check;
  if (schedule.kind === 'interval') return slotAt - schedule.periodMs;
  if (schedule.kind === 'none' || schedule.kind === 'window') return slotBeginsAt(schedule, slotAt) - 1;
  const previousAt = previousSlotAtOrBefore(schedule, slotAt - 1) ?? -Infinity;
  return slotAt - toleranceMs(rules, slotAt - previousAt) - 1;
}
