import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceFile, type SourceFile } from './source-file.ts';

/** Where the repository is. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A name in .gitignore is a folder when it ends in a slash; the rules read what git would keep, without asking git. */
const notOurs = new Set([
  '.git',
  ...readFileSync(path.join(ROOT, '.gitignore'), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/'))
    .map((line) => line.slice(0, -1)),
]);

/** Written by tools and read by tools. */
const GENERATED = /(?:^|\/)package-lock\.json$|\.generated\.ts$/;

/** Above this a file is a recording, not something that a person wrote. */
const BYTES_MAX = 1_000_000;

/** Every text file of the repository that a person wrote, in a stable order. */
export function readTree(): SourceFile[] {
  return pathsUnder('').flatMap((relative) => {
    const content = readFileSync(path.join(ROOT, relative));
    if (content.length > BYTES_MAX || content.includes(0)) return [];
    return [sourceFile(relative, content.toString('utf8'))];
  });
}

function pathsUnder(folder: string): string[] {
  const entries = readdirSync(path.join(ROOT, folder), { withFileTypes: true });
  return entries
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : pathsUnder(relative);
      return entry.isFile() && !GENERATED.test(relative) ? [relative] : [];
    });
}
