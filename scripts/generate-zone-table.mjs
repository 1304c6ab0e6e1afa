// Writes the zone tables of libs/domain/src/schedule from time zone data: every zone name, its changes of offset from
// 2007 to 2040, and the rule by which they go on. Data of the version of zone-table.generated.ts makes that file anew;
// any other version is written to zone-differences.generated.ts, as the rows in which it differs.
//   node scripts/generate-zone-table.mjs [--check]                          the data of this Node
//   node scripts/generate-zone-table.mjs [--check] --zoneinfo DIR VERSION   a compiled zoneinfo folder, read by zdump
// Run it when Node brings newer data. With --check it writes nothing and fails if a file is not what it would write.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generatedRows, writtenDifferences } from './zone-rows.mjs';
import { zoneinfoReader } from './zoneinfo-reader.mjs';

const TARGET = new URL('../libs/domain/src/schedule/zone-table.generated.ts', import.meta.url);
const DIFFERENCES = new URL('../libs/domain/src/schedule/zone-differences.generated.ts', import.meta.url);

const FIRST_YEAR = 2007;
const LAST_YEAR = 2040;

/** The years a rule is read from: in 14 in a row, a date falls on each of the seven weekdays. */
const FIRST_RULE_YEAR = 2027;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** No zone changed twice within this time since 2007, so that no pair of changes hides between two looks. */
const STEP_MS = DAY_MS;

/** A list of names, links included, that most systems carry. */
const SYSTEM_NAMES = '/usr/share/zoneinfo/tzdata.zi';

/** Neither a place nor a fixed offset. */
const NOT_OFFERED = new Set(['Factory']);

/** Every name of the data; those of the file as it stands and of the system's list are asked for, if it lists fewer. */
function zoneNames(data) {
  const names = new Set(['UTC', 'GMT', ...data.names()]);
  for (let hours = -14; hours <= 12; hours += 1) names.add(`Etc/GMT${hours > 0 ? '+' : ''}${hours || '0'}`);
  for (const name of namesOfTheSystem()) if (data.isKnown(name)) names.add(name);
  for (const name of namesOfTheFile()) {
    if (data.isKnown(name)) names.add(name);
    // Checks are stored with these names, so that losing one would stop them. Older data may well not know them yet.
    else if (data.version >= baseVersion()) throw new Error(`${name} is in the table, but not in this data.`);
  }
  return [...names].filter((name) => !NOT_OFFERED.has(name)).sort((left, right) => (left < right ? -1 : 1));
}

function namesOfTheSystem() {
  if (!existsSync(SYSTEM_NAMES)) {
    console.error(`${SYSTEM_NAMES} is not here: links that Node does not list are only kept, not found.`);
    return [];
  }
  const words = readFileSync(SYSTEM_NAMES, 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  return words.flatMap(([kind, first, second]) => (kind === 'L' ? [second] : kind === 'Z' ? [first] : []));
}

function namesOfTheFile() {
  return generatedRows(TARGET).flatMap(([names]) => names.split(' '));
}

/** The version that every log begins with: its table is written whole. */
function baseVersion() {
  if (!existsSync(TARGET)) return process.versions.tz;
  return /ZONE_TABLE_VERSION = '(\w+)'/.exec(readFileSync(TARGET, 'utf8'))[1];
}

/** The data of this Node. */
const nodeReader = {
  version: process.versions.tz,
  names: () => Intl.supportedValuesOf('timeZone'),
  isKnown,
  canonicalOf: (name) => new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone,
  read(name) {
    const offsetAt = offsetReader(name);
    return {
      first: offsetAt(Date.UTC(FIRST_YEAR, 0, 1)),
      changes: changesBetween(offsetAt, FIRST_YEAR, LAST_YEAR + 1),
    };
  },
};

function isKnown(name) {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A function from an instant to the zone's offset in minutes. */
function offsetReader(name) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const local = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
    const minutes = (local - at) / MINUTE_MS;
    if (!Number.isInteger(minutes)) throw new Error(`${name} has an offset of ${minutes} minutes.`);
    return minutes;
  };
}

/** The changes between the beginnings of two years: when, from which offset and to which, in minutes. */
function changesBetween(offsetAt, firstYear, endYear) {
  const endAt = Date.UTC(endYear, 0, 1);
  const changes = [];
  let offset = offsetAt(Date.UTC(firstYear, 0, 1));
  for (let at = Date.UTC(firstYear, 0, 1); at < endAt; at += STEP_MS) {
    const after = offsetAt(at + STEP_MS);
    if (after === offset) continue;
    let low = at;
    let high = at + STEP_MS;
    while (high - low > MINUTE_MS) {
      const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
      if (offsetAt(middle) === offset) low = middle;
      else high = middle;
    }
    changes.push({ at: high, before: offset, after });
    offset = after;
  }
  return changes;
}

const localYearOf = ({ at, before }) => new Date(at + before * MINUTE_MS).getUTCFullYear();

/** A change as a date of its local calendar, told from the 1st of the given month of its year. */
function datedFrom(month, change) {
  const local = change.at + change.before * MINUTE_MS;
  const localDay = Math.floor(local / DAY_MS);
  const firstOfMonth = Date.UTC(localYearOf(change), month - 1, 1) / DAY_MS;
  return {
    day: localDay - firstOfMonth + 1,
    weekday: new Date(localDay * DAY_MS).getUTCDay(),
    shift: (change.at - localDay * DAY_MS) / MINUTE_MS,
    after: change.after,
  };
}

/**
 * The rule behind one change a year, as "the first such weekday at or after this day of this month" (a last Sunday of
 * March is the first at or after the 25th). Null if these changes do not follow one.
 */
function ruleOf(changes) {
  const month = Math.min(
    ...changes.map(({ at, before }) => new Date(at + before * MINUTE_MS).getUTCMonth() + 1),
  );
  const dated = changes.map((change) => datedFrom(month, change));
  const [{ weekday, shift, after }] = dated;
  if (dated.some((one) => one.weekday !== weekday || one.shift !== shift || one.after !== after)) return null;
  const days = dated.map(({ day }) => day);
  const day = Math.min(...days);
  return Math.max(...days) - day > 6 ? null : { month, day, weekday, shift, after };
}

/** How the zone's changes go on: by the rule of the last 14 years, or as in the last year on the same n-th weekdays. */
function yearlyOf(changes) {
  const byYear = new Map();
  for (let year = FIRST_RULE_YEAR; year <= LAST_YEAR; year += 1) byYear.set(year, []);
  for (const change of changes) byYear.get(localYearOf(change))?.push(change);
  const years = [...byYear.values()];
  const last = years.at(-1);
  if (years.every(({ length }) => length === last.length)) {
    const rules = last.map((_, index) => ruleOf(years.map((year) => year[index])));
    if (rules.every((rule) => rule !== null)) return { rules, regular: true };
  }
  const rules = last.map((change) => {
    const rule = ruleOf([change]);
    return { ...rule, day: rule.day - ((rule.day - 1) % 7) };
  });
  return { rules, regular: false };
}

const base36 = (number) => number.toString(36);

function encode(first, changes, rules) {
  const table = [first];
  let from = Date.UTC(FIRST_YEAR, 0, 1);
  for (const { at, after } of changes) {
    table.push((at - from) / MINUTE_MS, after);
    from = at;
  }
  const yearly = rules.map(({ month, day, weekday, shift, after }) =>
    [month, day, weekday, shift, after].map(base36).join(' '),
  );
  return [table.map(base36).join(' '), yearly.join(',')];
}

/** The encoded table of each name. */
function encodedZones(data) {
  const encodedByCanonical = new Map();
  return new Map(
    zoneNames(data).map((name) => {
      const canonical = data.canonicalOf(name);
      if (!encodedByCanonical.has(canonical)) encodedByCanonical.set(canonical, encodedZone(data, canonical));
      return [name, encodedByCanonical.get(canonical)];
    }),
  );
}

function encodedZone(data, name) {
  const { first, changes } = data.read(name);
  const { rules, regular } = yearlyOf(changes);
  if (!regular)
    console.error(`${name} follows no rule of weekdays; after ${LAST_YEAR} its last year is repeated.`);
  const [table, yearly] = encode(first, changes, rules);
  return `'${table}', '${yearly}'`;
}

/** Names with the same table and rule stand together. */
function rowsOf(encodedByName, indent) {
  const namesByEncoded = new Map();
  for (const [name, encoded] of encodedByName) {
    namesByEncoded.set(encoded, [...(namesByEncoded.get(encoded) ?? []), name]);
  }
  return [...namesByEncoded].map(([encoded, shared]) => `${indent}['${shared.join(' ')}', ${encoded}],`);
}

function tableFile(version, rows) {
  return `// Generated by scripts/generate-zone-table.mjs; do not edit.

/** The version of the IANA time zone data that the table was made from. */
export const ZONE_TABLE_VERSION = '${version}';

/** Names that share a table; the table; and how the years after it go on. */
export type ZoneRow = readonly [names: string, table: string, yearly: string];

/**
 * All numbers are minutes in base 36, but for the date in the last: the first offset, then for each change the time
 * since the one before (at first since 2007-01-01) and the new offset; then, for each change of a later year, month,
 * day, weekday, time and new offset.
 */
export const ZONE_TABLE: readonly ZoneRow[] = [
${rows.join('\n')}
];
`;
}

/** The rows of names whose table is not the base's; a name that the data does not know stays as it is in the base. */
function differingRows(encodedByName) {
  const base = new Map();
  for (const [names, table, yearly] of generatedRows(TARGET)) {
    for (const name of names.split(' ')) base.set(name, `'${table}', '${yearly}'`);
  }
  const differing = [...encodedByName].filter(([name, encoded]) => base.get(name) !== encoded);
  return rowsOf(new Map(differing), '      ');
}

function differencesFile(differences) {
  const entries = [...differences]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(
      ([version, rows]) => `  {\n    version: '${version}',\n    rows: [\n${rows.join('\n')}\n    ],\n  },`,
    );
  return `// Generated by scripts/generate-zone-table.mjs; do not edit.
import type { ZoneRow } from './zone-table.generated.ts';

/** Another version of the time zone data: the rows in which it differs from the table; all other names are as there. */
export interface ZoneDifference {
  readonly version: string;
  readonly rows: readonly ZoneRow[];
}

/** Every further version that this release knows, older and newer than the table, ascending. */
export const ZONE_DIFFERENCES: readonly ZoneDifference[] = [
${entries.join('\n')}
];
`;
}

const place = process.argv.indexOf('--zoneinfo');
const data =
  place < 0
    ? nodeReader
    : zoneinfoReader(process.argv[place + 1], process.argv[place + 2], [FIRST_YEAR, LAST_YEAR]);
const encoded = encodedZones(data);
const isBase = data.version === baseVersion();
const target = isBase ? TARGET : DIFFERENCES;
const content = isBase
  ? tableFile(data.version, rowsOf(encoded, '  '))
  : differencesFile(writtenDifferences(DIFFERENCES).set(data.version, differingRows(encoded)));
console.error(`${encoded.size} names, data ${data.version}, ${content.length} bytes for ${target.pathname}`);
if (!process.argv.includes('--check')) {
  writeFileSync(target, content);
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== content) {
  console.error('The file is not what this data gives; run the script without --check.');
  process.exitCode = 1;
}
