import { DAY_MS, weekdayOf } from './civil.ts';
import type { WindowFields } from './window-parse.ts';
import { offsetAt, offsetOfStretch, stretchAt, stretchBeginsAt, stretchEndsAt, type Zone } from './zone.ts';

/**
 * Windows in real time. A time in a gap of the clock is the first instant after it. Of a repeated time, opening takes
 * the first pass and closing the last: a job is only blamed for what no reading of its window allows.
 */
export interface WindowSlot {
  readonly opensAt: number;
  readonly closesAt: number;
}

const MINUTE_MS = 60_000;

/**
 * How far a window that closes after an instant may have opened before it, in local days: a window of a day, and a
 * change of the clock by a day at the date line. And how far the next may be: a week, if one of its openings is lost in
 * a gap two or three.
 */
const DAYS_BACK = 3;
const DAYS_SEARCHED = 40;

/** The first window that closes strictly after an instant. */
export function nextWindow(fields: WindowFields, zone: Zone, afterMs: number): WindowSlot | null {
  if (!Number.isFinite(afterMs)) return null;
  const today = localDayOf(zone, afterMs);
  for (let day = today - DAYS_BACK; day <= today + DAYS_SEARCHED; day += 1) {
    const window = windowOf(fields, zone, day);
    if (window !== null && window.closesAt > afterMs) return window;
  }
  return null;
}

/** The last window that closed at or before an instant. */
export function previousWindow(fields: WindowFields, zone: Zone, atMs: number): WindowSlot | null {
  if (!Number.isFinite(atMs)) return null;
  const today = localDayOf(zone, atMs);
  for (let day = today + DAYS_BACK; day >= today - DAYS_SEARCHED; day -= 1) {
    const window = windowOf(fields, zone, day);
    if (window !== null && window.closesAt <= atMs) return window;
  }
  return null;
}

function localDayOf(zone: Zone, at: number): number {
  return Math.floor((at + offsetAt(zone, at)) / DAY_MS);
}

/** The window that opens on a local day; null if none does, or if the clock jumps over the whole of it. */
function windowOf(fields: WindowFields, zone: Zone, day: number): WindowSlot | null {
  if ((fields.weekdays & (1 << weekdayOf(day))) === 0) return null;
  const opensAt = instantOf(zone, day * DAY_MS + fields.opensMinute * MINUTE_MS, 'first');
  const closesAt = instantOf(zone, day * DAY_MS + fields.closesMinute * MINUTE_MS, 'last');
  return closesAt > opensAt ? { opensAt, closesAt } : null;
}

/** The instant of a local time: of two the first or the last, of none the first after the gap. */
export function instantOf(zone: Zone, localMs: number, pass: 'first' | 'last'): number {
  // No offset is more than 14 hours, and no two changes are within a day: the stretches around hold every reading.
  const first = stretchAt(zone, localMs - DAY_MS);
  const last = stretchAt(zone, localMs + DAY_MS);
  let found = -Infinity;
  for (let index = first; index <= last; index += 1) {
    const at = localMs - offsetOfStretch(zone, index);
    const beginsAt = stretchBeginsAt(zone, index);
    if (at < beginsAt) return found === -Infinity ? beginsAt : found;
    if (at >= stretchEndsAt(zone, index)) continue;
    if (pass === 'first') return at;
    found = at;
  }
  return found;
}
