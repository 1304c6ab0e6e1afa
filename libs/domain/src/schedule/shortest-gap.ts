import type { CompiledSchedule } from './schedule-kinds.ts';
import { slotsFrom } from './slot-walk.ts';

/** How close slots come to each other, and the grace that follows from it where none is given. */
const YEAR_MS = 366 * 86_400_000;

/** So many take a few milliseconds; they are 41 days of every hour, or more than a year of every day. */
const MOST_SLOTS_WALKED = 1_000;

/** Nothing that is said of shorter gaps depends on their length. */
const SHORT_ENOUGH_MS = 60_000;

const SHORTEST_GRACE_MS = 60_000;
const LONGEST_GRACE_MS = 3_600_000;

/** The shortest time between two slots in the year from an instant on; null if there are no two. */
export function shortestGap(compiled: CompiledSchedule, fromAt: number): number | null {
  if (compiled.kind === 'interval') return compiled.periodMs;
  let before: number | null = null;
  let shortestMs: number | null = null;
  let walked = 0;
  for (const at of slotsFrom(compiled, fromAt)) {
    if (before !== null && (shortestMs === null || at - before < shortestMs)) shortestMs = at - before;
    if (shortestMs !== null && (shortestMs <= SHORT_ENOUGH_MS || at > fromAt + YEAR_MS)) break;
    walked += 1;
    if (walked > MOST_SLOTS_WALKED) break;
    before = at;
  }
  return shortestMs;
}

/**
 * The grace of a check that names none: an eighth of the interval or of the shortest gap, from a minute to an hour. A
 * window is slack by itself, so that its grace only has to cover the way of a report to us: the least.
 */
export function defaultGrace(compiled: CompiledSchedule, gapMs: number | null): number {
  if (compiled.kind === 'window') return SHORTEST_GRACE_MS;
  if (compiled.kind === 'none' || gapMs === null) return LONGEST_GRACE_MS;
  return Math.round(Math.min(Math.max(gapMs / 8, SHORTEST_GRACE_MS), LONGEST_GRACE_MS));
}
