import { shown } from './schedule-refusal.ts';
import { allZoneNames, zoneNamed } from './zone.ts';

/** Longer names than this are cut before they are compared; the longest that exists has 32 letters. */
const LONGEST_COMPARED = 40;

/** What people write for a zone, and the place that they most probably mean. Nobody's clock follows such letters. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  AEDT: 'Australia/Sydney',
  AEST: 'Australia/Sydney',
  BST: 'Europe/London',
  CDT: 'America/Chicago',
  CEST: 'Europe/Berlin',
  CST: 'America/Chicago',
  EDT: 'America/New_York',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  MDT: 'America/Denver',
  MSK: 'Europe/Moscow',
  PDT: 'America/Los_Angeles',
  PST: 'America/Los_Angeles',
  Z: 'UTC',
};

/** The sentence that refuses a zone's name and says what to write. */
export function zoneProblem(name: string): string {
  if (name.trim() === '') return 'A time zone is needed; write UTC, or a place such as Europe/Berlin.';
  if (name.length > LONGEST_COMPARED) {
    return `"${shown(name)}" is not the name of a time zone; write UTC, or a place such as Europe/Berlin.`;
  }
  const place = ABBREVIATIONS[name.toUpperCase()];
  if (place !== undefined)
    return `"${shown(name)}" is not the name of a time zone; write the place, such as ${place}.`;
  const etc = fixedOffsetName(name);
  if (etc === undefined) {
    return `"${shown(name)}" is not the name of a time zone; did you mean ${nearestZoneNames(name).join(', ')}?`;
  }
  if (etc === null) {
    return `"${shown(name)}" is an offset, not the name of a time zone; write the place, such as Asia/Kolkata.`;
  }
  return `"${shown(name)}" is an offset, not the name of a time zone; write ${etc} for it, or a place such as Europe/Berlin.`;
}

/** The zone of a bare offset; null if no zone has this offset for ever, undefined if the text is no offset. */
function fixedOffsetName(text: string): string | null | undefined {
  const offset = /^(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(text);
  if (offset === null) return undefined;
  const hours = Number(offset[2]);
  if (Number(offset[3] ?? 0) !== 0) return null;
  // The sign is the other way round in these names: Etc/GMT-2 is two hours ahead of UTC.
  const name = hours === 0 ? 'UTC' : `Etc/GMT${offset[1] === '+' ? '-' : '+'}${hours}`;
  return zoneNamed(name) === null ? null : name;
}

/** Up to three known names that look like what was written: as a whole, or by the city alone. */
export function nearestZoneNames(text: string): string[] {
  const wanted = text.slice(0, LONGEST_COMPARED).toLowerCase();
  const wantedCity = cityOf(wanted);
  const nearest: { name: string; distance: number }[] = [];
  for (const name of allZoneNames()) {
    const lower = name.toLowerCase();
    const whole = distanceOf(wanted, lower);
    nearest.push({ name, distance: Math.min(whole, distanceOf(wantedCity, cityOf(lower)) + 0.5) });
  }
  return nearest
    .sort((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

function cityOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).replaceAll(' ', '_');
}

/** Two rows of the table of distances, used again for each of some 1200 pairs: making them anew took most of the time. */
const rows = [new Uint8Array(LONGEST_COMPARED + 1), new Uint8Array(LONGEST_COMPARED + 1)] as const;

/** How many letters must be put in, taken out or changed to make one of the other (Levenshtein). */
function distanceOf(left: string, right: string): number {
  let [row, next]: readonly [Uint8Array, Uint8Array] = rows;
  for (let j = 0; j <= right.length; j += 1) row[j] = j;
  for (let i = 1; i <= left.length; i += 1) {
    next[0] = i;
    const letter = left.charCodeAt(i - 1);
    for (let j = 1; j <= right.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (letter === right.charCodeAt(j - 1) ? 0 : 1);
      next[j] = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    [row, next] = [next, row];
  }
  return row[right.length] ?? 0;
}
