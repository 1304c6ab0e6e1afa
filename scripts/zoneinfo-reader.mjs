// Zone data from a folder of compiled files, such as a release of the PyPI package "tzdata", as zdump tells them. So
// tables of any version can be made, whatever the Node at hand brings.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const MINUTE_MS = 60_000;

/** A reader of all names in the folder, for whole years, both included. */
export function zoneinfoReader(folder, version, [firstYear, lastYear]) {
  if (folder === undefined || !existsSync(folder) || !/^20\d\d[a-z]$/.test(version ?? '')) {
    throw new Error('Write --zoneinfo, the folder of compiled zones and their version, such as 2026a.');
  }
  const root = realpathSync(folder);
  const isKnown = (name) => existsSync(join(root, name)) && statSync(join(root, name)).isFile();
  return {
    version,
    names: () => zonesBelow(root).map((path) => relative(root, path)),
    isKnown,
    canonicalOf: (name) => name,
    read: (name) => coursesOf(join(root, name), firstYear, lastYear + 1),
  };
}

function zonesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['posix', 'right'].includes(entry.name) ? [] : zonesBelow(path);
    // Zones begin with a capital and have no ending; lists of them (zone.tab, tzdata.zi, __init__.py) do not.
    return /^[A-Z][A-Za-z0-9_+-]*$/.test(entry.name) ? [path] : [];
  });
}

/** A line of zdump -i is the new local date and time, the new offset, its letters and whether time is saved. */
function coursesOf(path, firstYear, endYear) {
  const output = execFileSync('zdump', ['-i', '-c', `${firstYear},${endYear}`, path], { encoding: 'utf8' });
  const lines = output.split('\n').filter((line) => line !== '' && !line.startsWith('TZ='));
  const [[, , offset], ...later] = lines.map((line) => line.split('\t'));
  const changes = [];
  const first = minutesOf(offset);
  let before = first;
  for (const [date, time, changed] of later) {
    const after = minutesOf(changed);
    const [hour, minute = '00'] = time.split(':');
    const local = Date.parse(`${date}T${hour}:${minute}:00Z`);
    // Lines also tell of new letters for the same offset.
    if (after !== before) changes.push({ at: local - after * MINUTE_MS, before, after });
    before = after;
  }
  return { first, changes };
}

function minutesOf(offset) {
  const [, sign, hours, minutes = '00', seconds] = /^([+-])(\d\d)(\d\d)?(\d\d)?$/.exec(offset);
  if (seconds !== undefined) throw new Error(`An offset of ${offset} is not one of whole minutes.`);
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
