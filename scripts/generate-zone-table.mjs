// Writes libs/domain/src/schedule/zone-table.generated.ts from this Node's time zone data: every zone name that it
// knows, its changes of offset from 2007 to 2040, and the rule by which they go on. Run it when Node brings newer
// data; with --check it writes nothing and fails if the file is not what this Node would write.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const TARGET = new URL('../libs/domain/src/schedule/zone-table.generated.ts', import.meta.url);

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

/** Every name this Node knows among those it lists, those of the system, and those of the file as it stands. */
function zoneNames() {
  const names = new Set(['UTC', 'GMT', ...Intl.supportedValuesOf('timeZone')]);
  for (let hours = -14; hours <= 12; hours += 1) names.add(`Etc/GMT${hours > 0 ? '+' : ''}${hours || '0'}`);
  for (const name of namesOfTheSystem()) if (isKnown(name)) names.add(name);
  for (const name of namesOfTheFile()) {
    // Checks are stored with these names, so that losing one would stop them.
    if (!isKnown(name)) throw new Error(`${name} is in the table, but this Node does not know it any more.`);
    names.add(name);
  }
  return [...names].filter((name) => !NOT_OFFERED.has(name)).sort();
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
  if (!existsSync(TARGET)) return [];
  const rows = readFileSync(TARGET, 'utf8').matchAll(/^ {2}\[\s*'([^']*)'/gm);
  return [...rows].flatMap(([, names]) => names.split(' '));
}

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

/** Names with the same table and rule stand together. */
function rowsOf(names) {
  const encodedByCanonical = new Map();
  const namesByEncoded = new Map();
  for (const name of names) {
    const canonical = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    if (!encodedByCanonical.has(canonical)) encodedByCanonical.set(canonical, encodedZone(canonical));
    const encoded = encodedByCanonical.get(canonical);
    namesByEncoded.set(encoded, [...(namesByEncoded.get(encoded) ?? []), name]);
  }
  return [...namesByEncoded].map(([encoded, shared]) => `  ['${shared.join(' ')}', ${encoded}],`);
}

function encodedZone(name) {
  const offsetAt = offsetReader(name);
  const changes = changesBetween(offsetAt, FIRST_YEAR, LAST_YEAR + 1);
  const { rules, regular } = yearlyOf(changes);
  if (!regular)
    console.error(`${name} follows no rule of weekdays; after ${LAST_YEAR} its last year is repeated.`);
  const [table, yearly] = encode(offsetAt(Date.UTC(FIRST_YEAR, 0, 1)), changes, rules);
  return `'${table}', '${yearly}'`;
}

function fileOf(rows) {
  return `// Generated by scripts/generate-zone-table.mjs; do not edit.

/** The version of the IANA time zone data that the table was made from. */
export const ZONE_TABLE_VERSION = '${process.versions.tz}';

/**
 * Names that share a table; the table; and how the years after it go on. All numbers are minutes in base 36, but for
 * the date in the last: the first offset, then for each change the time since the one before (at first since
 * 2007-01-01) and the new offset; then, for each change of a later year, month, day, weekday, time and new offset.
 */
export const ZONE_TABLE: readonly (readonly [names: string, table: string, yearly: string])[] = [
${rows.join('\n')}
];
`;
}

const names = zoneNames();
const rows = rowsOf(names);
const content = fileOf(rows);
console.error(
  `${names.length} names, ${rows.length} tables, ${content.length} bytes, data ${process.versions.tz}`,
);
if (!process.argv.includes('--check')) {
  writeFileSync(TARGET, content);
} else if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== content) {
  console.error('The table is not what this Node would write; run the script without --check.');
  process.exitCode = 1;
}
