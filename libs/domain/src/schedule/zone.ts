import { assert } from '../assert.ts';
import { DAY_MS, dateOf, daysOf, weekdayOf } from './civil.ts';
import { ZONE_DIFFERENCES } from './zone-differences.generated.ts';
import { ZONE_TABLE, ZONE_TABLE_VERSION, type ZoneRow } from './zone-table.generated.ts';

/**
 * Offsets of time zones from a table that was computed beforehand, so that the same log is judged alike on every
 * machine. Stretches of constant offset are numbered: stretch 0 is everything before the first change, stretch k
 * begins with change k - 1. Before 2007 the offset of 2007-01-01 is taken; after 2040 each year repeats the zone's rule.
 * A release knows several versions of the data: a log begins with the initial one, and says itself when it goes over to
 * another.
 */

/** The version that every log begins with. It never changes, for old logs must be judged as they were. */
export const INITIAL_ZONE_VERSION = '2025c';

/** The versions that this release knows, ascending. */
export const ZONE_VERSIONS: readonly string[] = [
  ...ZONE_DIFFERENCES.map(({ version }) => version),
  ZONE_TABLE_VERSION,
].sort();

/** Whether this release can judge a log that goes over to this version. */
export function isKnownZoneVersion(version: string): boolean {
  return ZONE_VERSIONS.includes(version);
}

const MINUTE_MS = 60_000;

const FIRST_YEAR_AFTER_TABLE = 2041;
const TABLE_BEGIN_AT = daysOf(2007, 1, 1) * DAY_MS;
const TABLE_END_AT = daysOf(FIRST_YEAR_AFTER_TABLE, 1, 1) * DAY_MS;

/** A change that comes every year: on the first such weekday at or after a day of a month. */
export interface YearlyChange {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  /** From the beginning of that day, read as UTC, to the change; negative when it lies in UTC's day before. */
  readonly shiftMs: number;
  readonly offsetMs: number;
}

/** A time zone; local time = UTC + offset. */
export interface Zone {
  readonly name: string;
  /** Instants at which the offset changes, ascending, up to the end of 2040. */
  readonly changesAt: readonly number[];
  /** One more than changes: the offset before the first, and after each. */
  readonly offsetsMs: readonly number[];
  /** What goes on after 2040, in the order of the year; empty if nothing changes any more. */
  readonly yearly: readonly YearlyChange[];
}

type RowsByName = ReadonlyMap<string, ZoneRow>;

/** What was asked for once is kept: tables never change while a process lives. */
const rowsByVersion = new Map<string, RowsByName>();
/** Versions that share a row share its zones. */
const zonesByRow = new Map<ZoneRow, Map<string, Zone>>();

function rowsOf(version: string): RowsByName {
  const known = rowsByVersion.get(version);
  if (known !== undefined) return known;
  const difference = ZONE_DIFFERENCES.find((one) => one.version === version);
  assert(
    version === ZONE_TABLE_VERSION || difference !== undefined,
    `no zone table is of version ${version}`,
  );
  // Later rows take the place of earlier ones of the same name.
  const rows = [...ZONE_TABLE, ...(difference?.rows ?? [])];
  const rowsByName = new Map(rows.flatMap((row) => row[0].split(' ').map((name) => [name, row] as const)));
  rowsByVersion.set(version, rowsByName);
  return rowsByName;
}

/** Every name that `zoneNamed` knows. */
export function allZoneNames(version: string = INITIAL_ZONE_VERSION): Iterable<string> {
  return rowsOf(version).keys();
}

/**
 * The zone of this IANA name (exactly as IANA writes it), or null. A name that came after a version's data is known to
 * it all the same, by the initial table: a check must not lose its zone because an older version is gone over to.
 */
export function zoneNamed(name: string, version: string = INITIAL_ZONE_VERSION): Zone | null {
  const row = rowsOf(version).get(name);
  if (row === undefined) return null;
  const zones = zonesByRow.get(row) ?? new Map<string, Zone>();
  zonesByRow.set(row, zones);
  const zone = zones.get(name) ?? decode(name, row);
  zones.set(name, zone);
  return zone;
}

function decode(name: string, [, table, yearly]: ZoneRow): Zone {
  const [first = 0, ...pairs] = numbersOf(table);
  const changesAt: number[] = [];
  const offsetsMs = [first * MINUTE_MS];
  let changeAt = TABLE_BEGIN_AT;
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    changeAt += (pairs[index] ?? 0) * MINUTE_MS;
    changesAt.push(changeAt);
    offsetsMs.push((pairs[index + 1] ?? 0) * MINUTE_MS);
  }
  const rules = yearly === '' ? [] : yearly.split(',').map(decodeYearly);
  return { name, changesAt, offsetsMs, yearly: rules };
}

function decodeYearly(text: string): YearlyChange {
  const [month = 1, day = 1, weekday = 0, shift = 0, offset = 0] = numbersOf(text);
  return { month, day, weekday, shiftMs: shift * MINUTE_MS, offsetMs: offset * MINUTE_MS };
}

function numbersOf(text: string): number[] {
  return text.split(' ').map((word) => Number.parseInt(word, 36));
}

/** What must be added to UTC to get the zone's local time at an instant. */
export function offsetAt(zone: Zone, at: number): number {
  return offsetOfStretch(zone, stretchAt(zone, at));
}

/** The number of the stretch of constant offset that holds an instant. */
export function stretchAt(zone: Zone, at: number): number {
  if (at >= TABLE_END_AT && zone.yearly.length > 0) return stretchAfterTable(zone, at);
  const { changesAt } = zone;
  let low = 0;
  let high = changesAt.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changesAt[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function stretchAfterTable(zone: Zone, at: number): number {
  const { year } = dateOf(Math.floor(at / DAY_MS));
  let stretch = zone.changesAt.length + (year - FIRST_YEAR_AFTER_TABLE) * zone.yearly.length;
  while (stretchEndsAt(zone, stretch) <= at) stretch += 1;
  return stretch;
}

/** When a stretch begins: -Infinity for the first. */
export function stretchBeginsAt(zone: Zone, stretch: number): number {
  return stretch === 0 ? -Infinity : changeAt(zone, stretch - 1);
}

/** When a stretch is over: Infinity for the last of a zone that does not change any more. */
export function stretchEndsAt(zone: Zone, stretch: number): number {
  return changeAt(zone, stretch);
}

function changeAt({ changesAt, yearly }: Zone, index: number): number {
  const known = changesAt[index];
  if (known !== undefined) return known;
  const later = index - changesAt.length;
  const change = yearly[later % yearly.length];
  if (change === undefined) return Infinity;
  const year = FIRST_YEAR_AFTER_TABLE + Math.floor(later / yearly.length);
  const earliest = daysOf(year, change.month, change.day);
  const day = earliest + ((change.weekday - weekdayOf(earliest) + 7) % 7);
  return day * DAY_MS + change.shiftMs;
}

/** The offset in force during a stretch. */
export function offsetOfStretch({ offsetsMs, yearly }: Zone, stretch: number): number {
  const known = offsetsMs[stretch];
  if (known !== undefined) return known;
  return yearly[(stretch - offsetsMs.length) % yearly.length]?.offsetMs ?? 0;
}
