import { DAY_MS, dateOf } from './civil.ts';
import { padded } from './number-words.ts';
import { offsetAt, type Zone } from './zone.ts';

/** Instants as the clock on the wall shows them, without asking the machine for its zones. */
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The date of a local time: "2026-03-29". */
export function localDateText(localMs: number): string {
  const { year, month, day } = dateOf(Math.floor(localMs / DAY_MS));
  return `${String(year).padStart(4, '0')}-${padded(month)}-${padded(day)}`;
}

/** The time of day of a local time: "02:30", with seconds only if there are some. */
export function timeOfDayText(localMs: number): string {
  const ofDayMs = localMs - Math.floor(localMs / DAY_MS) * DAY_MS;
  const second = Math.floor(ofDayMs / 1_000) % 60;
  const time = `${padded(Math.floor(ofDayMs / HOUR_MS))}:${padded(Math.floor(ofDayMs / MINUTE_MS) % 60)}`;
  return second === 0 ? time : `${time}:${padded(second)}`;
}

/** An instant as ISO 8601 in a zone: "2026-03-29T03:00:00+02:00"; parts of a second are left out. */
export function localTimeText(zone: Zone, at: number): string {
  const offsetMs = offsetAt(zone, at);
  const localMs = at + offsetMs;
  const time = timeOfDayText(localMs);
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const offset = `${offsetMs < 0 ? '-' : '+'}${padded(Math.floor(minutes / 60))}:${padded(minutes % 60)}`;
  return `${localDateText(localMs)}T${time.length === 5 ? `${time}:00` : time}${offset}`;
}
