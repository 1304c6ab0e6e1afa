import type { CronFields } from './cron-fields.ts';
import { nextLocal, previousLocal } from './local-search.ts';
import { segmentAt, type Segment, type Zone } from './zone.ts';

/**
 * Occurrences in real time by the rule that Debian's cron was seen to follow. A job whose minute or hour begins with
 * a star is a wildcard job: it follows real time, so gap times do not happen and repeated ones happen twice. Any other
 * is a fixed job: a time in the gap is due once, right after the gap; a repeated time only in its first pass. Jumps of
 * more than three hours are corrections of the calendar, not daylight saving: nothing is caught up.
 */
const LARGEST_CAUGHT_UP_MS = 3 * 3_600_000;

/** Bounds the walk over stretches of one offset: two a year, and some zones had more. */
const SEGMENTS_WALKED = 150;

/** The first occurrence strictly after the instant, or null when there is none in the next 50 years. */
export function nextCronSlot(fields: CronFields, zone: Zone, afterMs: number): number | null {
  return fields.wildcard ? nextInRealTime(fields, zone, afterMs) : nextFixed(fields, zone, afterMs);
}

/** The last occurrence at or before the instant, or null. */
export function previousCronSlot(fields: CronFields, zone: Zone, atMs: number): number | null {
  return fields.wildcard ? previousInRealTime(fields, zone, atMs) : previousFixed(fields, zone, atMs);
}

function nextInRealTime(fields: CronFields, zone: Zone, afterMs: number): number | null {
  let from = Math.floor(afterMs / 1_000) * 1_000 + 1_000;
  for (let walked = 0; walked < SEGMENTS_WALKED; walked += 1) {
    const { untilAt, offsetMs } = segmentAt(zone, from);
    const local = nextLocal(fields, (from + offsetMs) / 1_000);
    if (local === null) return null;
    const at = local * 1_000 - offsetMs;
    if (at < untilAt) return at;
    from = untilAt;
  }
  return null;
}

function previousInRealTime(fields: CronFields, zone: Zone, atMs: number): number | null {
  let until = Math.floor(atMs / 1_000) * 1_000;
  for (let walked = 0; walked < SEGMENTS_WALKED; walked += 1) {
    const { fromAt, offsetMs } = segmentAt(zone, until);
    const local = previousLocal(fields, (until + offsetMs) / 1_000);
    if (local === null) return null;
    const at = local * 1_000 - offsetMs;
    if (at >= fromAt) return at;
    until = fromAt - 1_000;
  }
  return null;
}

function nextFixed(fields: CronFields, zone: Zone, afterMs: number): number | null {
  const segment = segmentAt(zone, afterMs);
  const local = Math.floor((afterMs + segment.offsetMs) / 1_000) + 1;
  const changed = afterMs - segment.fromAt;
  // Only near a change can a local time that lies before now still be due (it was in the gap).
  const from = changed <= LARGEST_CAUGHT_UP_MS ? local - LARGEST_CAUGHT_UP_MS / 1_000 : local;
  let candidate = nextLocal(fields, from);
  while (candidate !== null) {
    const at = instantOfFixed(zone, candidate);
    if (at !== null && at > afterMs) return at;
    candidate = nextLocal(fields, candidate + 1);
  }
  return null;
}

function previousFixed(fields: CronFields, zone: Zone, atMs: number): number | null {
  const { offsetMs } = segmentAt(zone, atMs);
  const local = Math.floor((atMs + offsetMs) / 1_000);
  // In the second pass of a repeated stretch, local times ahead of the clock's have already been due once.
  const margin = LARGEST_CAUGHT_UP_MS / 1_000;
  let candidate = previousLocal(fields, local + margin);
  while (candidate !== null) {
    const at = instantOfFixed(zone, candidate);
    if (at !== null && at <= atMs) return at;
    candidate = previousLocal(fields, candidate - 1);
  }
  return null;
}

/** The instant at which a fixed local time is due: its first pass, the end of the gap it lies in, or never. */
function instantOfFixed(zone: Zone, local: number): number | null {
  const localMs = local * 1_000;
  // The true offset is one of those in force a day around; walking the stretches finds the first that fits.
  let segment: Segment = segmentAt(zone, localMs - 86_400_000);
  for (let walked = 0; walked < SEGMENTS_WALKED; walked += 1) {
    const at = localMs - segment.offsetMs;
    if (at < segment.untilAt) {
      if (at >= segment.fromAt) return at;
      // Not in this stretch and after all earlier ones: the local time was jumped over at this stretch's beginning.
      const before = segmentAt(zone, segment.fromAt - 1);
      return segment.offsetMs - before.offsetMs <= LARGEST_CAUGHT_UP_MS ? segment.fromAt : null;
    }
    segment = segmentAt(zone, segment.untilAt);
  }
  return null;
}
