import type { CronFields } from './cron-fields.ts';
import { nextLocal, previousLocal } from './local-search.ts';
import { offsetOfStretch, stretchAt, stretchBeginsAt, stretchEndsAt, type Zone } from './zone.ts';

/**
 * Occurrences in real time by the rule that Debian's cron was seen to follow. A wildcard job (minute or hour begins
 * with a star) follows real time: times in a gap do not happen and repeated ones happen twice. A fixed job is due once
 * for all its times in a gap, at the first instant after it, and for a repeated time in the first pass only.
 */
const LARGEST_SAVING_MS = 3 * 3_600_000;

/** More than any zone has in the years that are searched: four changes a year. */
const STRETCHES_WALKED = 250;

/** How local times become instants during one stretch of constant offset; local times in seconds. */
interface Stretch {
  readonly beginsAt: number;
  readonly offsetMs: number;
  /** Its local times from here on are due at their own instant; earlier ones were due in the stretch before. */
  readonly dueFromLocal: number;
  /** Local times from here to its beginning were jumped over and are due together when it begins. */
  readonly missedFromLocal: number;
  readonly untilLocal: number;
}

function stretchOf(fields: CronFields, zone: Zone, index: number): Stretch {
  const beginsAt = stretchBeginsAt(zone, index);
  const offsetMs = offsetOfStretch(zone, index);
  const beginsLocal = (beginsAt + offsetMs) / 1_000;
  const untilLocal = (stretchEndsAt(zone, index) + offsetMs) / 1_000;
  const asItIs = { beginsAt, offsetMs, dueFromLocal: beginsLocal, missedFromLocal: beginsLocal, untilLocal };
  if (fields.wildcard || index === 0) return asItIs;
  const forwardMs = offsetMs - offsetOfStretch(zone, index - 1);
  // A larger jump corrects the calendar (a day left out at the date line): cron takes the new time as it is.
  if (Math.abs(forwardMs) > LARGEST_SAVING_MS) return asItIs;
  const endedLocal = beginsLocal - forwardMs / 1_000;
  return forwardMs > 0
    ? { ...asItIs, missedFromLocal: endedLocal }
    : { ...asItIs, dueFromLocal: endedLocal, missedFromLocal: endedLocal };
}

/** The first occurrence strictly after the instant, or null when there is none in the years that are searched. */
export function nextCronSlot(fields: CronFields, zone: Zone, afterMs: number): number | null {
  if (!Number.isFinite(afterMs)) return null;
  const fromAt = Math.floor(afterMs / 1_000) * 1_000 + 1_000;
  const first = stretchAt(zone, fromAt);
  let searchedFrom = Infinity;
  let candidate = -Infinity;
  for (let index = first; index < first + STRETCHES_WALKED; index += 1) {
    const stretch = stretchOf(fields, zone, index);
    const { beginsAt, offsetMs } = stretch;
    const fromLocal =
      beginsAt > afterMs
        ? stretch.missedFromLocal
        : Math.max(stretch.dueFromLocal, (fromAt + offsetMs) / 1_000);
    // A far candidate stays the next one through the stretches before it: it is not searched for again.
    if (fromLocal < searchedFrom || fromLocal > candidate) {
      const found = nextLocal(fields, fromLocal);
      if (found === null) return null;
      searchedFrom = fromLocal;
      candidate = found;
    }
    if (candidate < stretch.untilLocal) return Math.max(candidate * 1_000 - offsetMs, beginsAt);
  }
  return null;
}

/** The last occurrence at or before the instant, or null when there is none in the years that are searched. */
export function previousCronSlot(fields: CronFields, zone: Zone, atMs: number): number | null {
  if (!Number.isFinite(atMs)) return null;
  const untilAt = Math.floor(atMs / 1_000) * 1_000;
  let searchedFrom = -Infinity;
  let candidate = Infinity;
  const first = stretchAt(zone, untilAt);
  for (let index = first; index >= Math.max(0, first - STRETCHES_WALKED); index -= 1) {
    const stretch = stretchOf(fields, zone, index);
    const { beginsAt, offsetMs, dueFromLocal, missedFromLocal } = stretch;
    const fromLocal = index === first ? (untilAt + offsetMs) / 1_000 : stretch.untilLocal - 1;
    if (fromLocal > searchedFrom || fromLocal < candidate) {
      const found = previousLocal(fields, fromLocal);
      if (found === null) return null;
      searchedFrom = fromLocal;
      candidate = found;
    }
    if (candidate >= dueFromLocal) return candidate * 1_000 - offsetMs;
    if (candidate >= missedFromLocal) return beginsAt;
  }
  return null;
}
