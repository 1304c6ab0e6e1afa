import path from 'node:path';
import { isProduct, isScript, isTest, type Finding, type SourceFile } from './source-file.ts';

// A file that only its own spec keeps alive is dead: it is tested, read and changed for nobody. So the search starts at
// the programs and at each lib's gathered exports, and specs do not count. A lib for tests is left to its users.
const ENTRY =
  /^apps\/[a-z-]+\/src\/main\.ts$|^libs\/[a-z-]+\/src\/index\.ts$|^(?:test|bench|scripts)\/|\/bin\//;
const RELATIVE = /(['"`])(\.{1,2}\/[^'"`\n]+)\1/g;

/** Every product file is reached from a program or from what its lib exports. */
export function unusedFilesRule(tree: readonly SourceFile[]): Finding[] {
  const files = new Map(tree.filter(isScript).map((file) => [file.path, file]));
  const pending = [...files.keys()].filter((each) => ENTRY.test(each) && !isTest(each));
  const reached = new Set(pending);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const target of importsOf(files.get(next))) {
      if (!files.has(target) || reached.has(target)) continue;
      reached.add(target);
      pending.push(target);
    }
  }
  return [...files.values()]
    .filter((file) => isProduct(file) && !reached.has(file.path))
    .map((file) => ({
      path: file.path,
      line: 1,
      instead:
        'is reached from no main.ts and no index.ts: import it, remove it, move a fake to libs/testing, or call it *.contract.ts',
    }));
}

/** Every relative path in a literal counts: besides imports there are the files of worker threads. */
function importsOf(file: SourceFile | undefined): string[] {
  if (file === undefined) return [];
  return [...file.uncommented.matchAll(RELATIVE)].map((match) =>
    path.posix.join(path.posix.dirname(file.path), (match[2] ?? '').replace(/\.js$/, '.ts')),
  );
}
