// Reads the generated files of zone tables back: the script that writes them starts from what stands there.
import { existsSync, readFileSync } from 'node:fs';

const ROW = /^ +\['([^']*)', '([^']*)', '([^']*)'\],$/gm;

const textOf = (url) => (existsSync(url) ? readFileSync(url, 'utf8') : '');

/** The rows of a table: names, table and yearly rule, as text. */
export function generatedRows(url) {
  return [...textOf(url).matchAll(ROW)].map(([, names, table, yearly]) => [names, table, yearly]);
}

/** The lines of rows of each further version. */
export function writtenDifferences(url) {
  const versions = textOf(url).matchAll(/version: '(\w+)',\s+rows: \[\n([\s\S]*?)\n {4}\],/g);
  return new Map([...versions].map(([, version, lines]) => [version, lines.split('\n')]));
}
