import { ZONE_TABLE } from './zone-table.generated.ts';

const MINUTE_MS = 60_000;

/** The table ends here (2041-01-01); after it the years repeat. */
const TABLE_END_AT = 2_240_524_800_000;

/** 28 years in which weekdays and leap years come round; what follows the table is read this far before. */
const CYCLE_MS = 10_227 * 86_400_000;

/** A stretch of time with one offset; local time = UTC + offset. */
export interface Segment {
  readonly fromAt: number;
  readonly untilAt: number;
  readonly offsetMs: number;
}

export interface Zone {
  readonly name: string;
  /** Instants at which the offset changes, ascending. */
  readonly changesAt: readonly number[];
  /** One more than changes: the offset before the first, and after each. */
  readonly offsetsMs: readonly number[];
}

let tablesByName: Map<string, string> | null = null;
const decoded = new Map<string, Zone>();

function tables(): Map<string, string> {
  tablesByName ??= new Map(
    ZONE_TABLE.flatMap(([names, table]) => names.split(' ').map((name) => [name, table] as const)),
  );
  return tablesByName;
}

/** The zone of this IANA name (exactly as IANA writes it), or null. */
export function zoneNamed(name: string): Zone | null {
  const known = decoded.get(name);
  if (known !== undefined) return known;
  const table = tables().get(name);
  if (table === undefined) return null;
  const numbers = table.split(' ').map((text) => Number.parseInt(text, 36));
  const changesAt: number[] = [];
  const offsetsMs = [(numbers[0] ?? 0) * MINUTE_MS];
  for (let index = 1; index + 1 < numbers.length; index += 2) {
    changesAt.push((numbers[index] ?? 0) * MINUTE_MS);
    offsetsMs.push((numbers[index + 1] ?? 0) * MINUTE_MS);
  }
  const zone = { name, changesAt, offsetsMs };
  decoded.set(name, zone);
  return zone;
}

/** The stretch of constant offset that holds the instant. Beyond the table, the same days 28 years before decide. */
export function segmentAt(zone: Zone, at: number): Segment {
  const cycles = at < TABLE_END_AT ? 0 : Math.floor((at - TABLE_END_AT) / CYCLE_MS) + 1;
  const shift = cycles * CYCLE_MS;
  const asOf = at - shift;
  const { changesAt, offsetsMs } = zone;
  let low = 0;
  let high = changesAt.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changesAt[middle] ?? Infinity) <= asOf) low = middle + 1;
    else high = middle;
  }
  const from = low === 0 ? -Infinity : (changesAt[low - 1] ?? -Infinity);
  const end = changesAt[low] ?? Infinity;
  // A zone without changes has one stretch; one with changes is cut at the table's end and goes on in the next cycle.
  const untilAt = changesAt.length === 0 ? Infinity : Math.min(end, TABLE_END_AT) + shift;
  return { fromAt: from + shift, untilAt, offsetMs: offsetsMs[low] ?? 0 };
}

/** Up to three known names that look like what was written, for the sentence that refuses it. */
export function nearestZoneNames(text: string): string[] {
  const wanted = text.slice(0, 60).toLowerCase();
  const city = wanted.split('/').at(-1) ?? wanted;
  return [...tables().keys()]
    .map((name) => {
      const lower = name.toLowerCase();
      const lowerCity = lower.split('/').at(-1) ?? lower;
      return { name, distance: Math.min(distance(wanted, lower), distance(city, lowerCity) + 0.5) };
    })
    .sort((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Levenshtein's distance. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
