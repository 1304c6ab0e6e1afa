import type { CalendarFields } from './calendar-fields.ts';
import { DAY_MS } from './civil.ts';
import { nextLocal, previousLocal } from './local-search.ts';
import { offsetOfStretch, stretchAt, stretchBeginsAt, stretchEndsAt, type Zone } from './zone.ts';

/**
 * Occurrences in real time, by the rules that Debian's cron and systemd's timers were seen to follow: of cron a wildcard
 * job (minute or hour begins with a star) follows real time and a fixed one catches up; systemd skips and does not
 * repeat.
 */
const LARGEST_SAVING_MS = 3 * 3_600_000;

/** More changes than any zone has in the years that are searched: 50 of them, or all for which years can be written. */
const STRETCHES_WALKED = 250;
const STRETCHES_WALKED_FOR_YEARS = 1_000;

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

function stretchOf(fields: CalendarFields, zone: Zone, index: number): Stretch {
  const beginsAt = stretchBeginsAt(zone, index);
  const offsetMs = offsetOfStretch(zone, index);
  const beginsLocal = (beginsAt + offsetMs) / 1_000;
  const untilLocal = (stretchEndsAt(zone, index) + offsetMs) / 1_000;
  const shiftMs = shiftThatCounts(fields, zone, index, offsetMs);
  const endedLocal = beginsLocal - shiftMs / 1_000;
  return {
    beginsAt,
    offsetMs,
    dueFromLocal: Math.max(beginsLocal, endedLocal),
    missedFromLocal: endedLocal,
    untilLocal,
  };
}

/** How far the clock was set forward at the beginning of a stretch as far as the fields care; negative is back. */
function shiftThatCounts(fields: CalendarFields, zone: Zone, index: number, offsetMs: number): number {
  if (fields.atClockChange === 'follow' || index === 0) return 0;
  const forwardMs = offsetMs - offsetOfStretch(zone, index - 1);
  if (fields.atClockChange === 'skip') return Math.min(forwardMs, 0);
  // A larger jump corrects the calendar (a day left out at the date line): cron takes the new time as it is.
  return Math.abs(forwardMs) > LARGEST_SAVING_MS ? 0 : forwardMs;
}

function stretchesWalked(fields: CalendarFields): number {
  return fields.years === null ? STRETCHES_WALKED : STRETCHES_WALKED_FOR_YEARS;
}

/**
 * The stretch to look at after one that does not hold the candidate. Those that end a day or more before it cannot hold
 * it, but the second one may repeat times from before the search began: it is never passed over.
 */
function laterStretch(zone: Zone, index: number, first: number, candidateLocal: number): number {
  if (index === first) return index + 1;
  return Math.max(index + 1, stretchAt(zone, candidateLocal * 1_000 - DAY_MS));
}

/** The same backwards: stretches that begin a day or more after the candidate are passed over. */
function earlierStretch(zone: Zone, index: number, first: number, candidateLocal: number): number {
  if (index === first) return index - 1;
  return Math.min(index - 1, stretchAt(zone, candidateLocal * 1_000 + DAY_MS));
}

/** The first occurrence strictly after the instant, or null when there is none in the years that are searched. */
export function nextCalendarSlot(fields: CalendarFields, zone: Zone, afterMs: number): number | null {
  if (!Number.isFinite(afterMs)) return null;
  const fromAt = Math.floor(afterMs / 1_000) * 1_000 + 1_000;
  const first = stretchAt(zone, fromAt);
  let searchedFrom = Infinity;
  let candidate = -Infinity;
  const end = first + stretchesWalked(fields);
  for (let index = first; index < end; index = laterStretch(zone, index, first, candidate)) {
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
export function previousCalendarSlot(fields: CalendarFields, zone: Zone, atMs: number): number | null {
  if (!Number.isFinite(atMs)) return null;
  const untilAt = Math.floor(atMs / 1_000) * 1_000;
  let searchedFrom = -Infinity;
  let candidate = Infinity;
  const first = stretchAt(zone, untilAt);
  const last = Math.max(0, first - stretchesWalked(fields));
  for (let index = first; index >= last; index = earlierStretch(zone, index, first, candidate)) {
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
