import { isScript, type Finding, type SourceFile } from './source-file.ts';

// A folder with such a name has no reason to refuse anything, so everything ends up there.
const BANNED_WORDS = new Map([
  ['utils', 'the noun that it is about'],
  ['util', 'the noun that it is about'],
  ['helpers', 'the noun that it is about'],
  ['helper', 'the noun that it is about'],
  ['common', 'libs/platform when it knows no product word, else the noun that it is about'],
  ['misc', 'the noun that it is about'],
]);

const BANNED_NAMES = new Map([
  ['shared', 'libs/platform when it knows no product word, else the noun that it is about'],
  ['base', 'nothing: there are no base classes; pass a function'],
  ['types', 'the noun that the types describe, beside the code that uses them'],
  ['constants', 'the file that uses the number'],
  ['core', 'the noun that it is about'],
  ['index', 'a file named for its noun; only libs/<lib>/src/index.ts gathers exports'],
  ['controllers', 'a folder for the noun, the role as a suffix: check/check.controller.ts'],
  ['services', 'a folder for the noun, the role as a suffix: check/check.repository.ts'],
  ['dto', 'a folder for the noun, the role as a suffix: check/check.schema.ts'],
]);

const GATHERED_EXPORTS = /^libs\/[a-z-]+\/src\/index\.ts$/;
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;

/** Files and folders are named for what they hold, in kebab-case, with their role as a dotted suffix. */
export function fileNamesRule(tree: readonly SourceFile[]): Finding[] {
  return tree
    .filter((file) => isScript(file) && !GATHERED_EXPORTS.test(file.path))
    .flatMap(({ path }) =>
      path.split('/').flatMap((part) => {
        const reason = fault(part);
        return reason === undefined ? [] : [{ path, line: 1, instead: `"${part}": ${reason}` }];
      }),
    );
}

function fault(part: string): string | undefined {
  if (!KEBAB.test(part)) return 'write it in kebab-case';
  const stem = part.split('.', 1)[0] ?? part;
  const word = stem.split('-').find((each) => BANNED_WORDS.has(each)) ?? stem;
  const better = BANNED_WORDS.get(word) ?? BANNED_NAMES.get(stem);
  return better === undefined ? undefined : `name ${better}`;
}
