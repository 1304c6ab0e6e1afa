import { findingAt, isTest, type Finding, type SourceFile } from './source-file.ts';

const TEST = /(?<![.\w])(?:it|test)((?:\s*\.\s*\w+)*)\s*/g;

/**
 * Within a file every test has a name of its own, whatever `describe` it stands in: a name is how one test is run alone,
 * and how a failure in a long log is found.
 */
export function testNamesRule(tree: readonly SourceFile[]): Finding[] {
  return tree.filter(({ path }) => isTest(path)).flatMap(duplicates);
}

function duplicates(file: SourceFile): Finding[] {
  const seen = new Set<string>();
  return [...file.code.matchAll(TEST)].flatMap((match) => {
    const name = nameOf(file, match.index + match[0].length, /\.\s*each$/.test(match[1] ?? ''));
    if (name === undefined) return [];
    if (seen.has(name)) return [findingAt(file, match.index, `"${name}" is there already: say what differs`)];
    seen.add(name);
    return [];
  });
}

/** The literal that is the first argument; with a table of cases, of the call after the table. */
function nameOf(file: SourceFile, open: number, hasTable: boolean): string | undefined {
  const call = hasTable ? afterTable(file, open) : open;
  return /^\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1/.exec(file.uncommented.slice(call))?.[2];
}

/** Where the call after the table opens; the table is an array in parentheses or a template literal. */
function afterTable({ code, uncommented }: SourceFile, open: number): number {
  if (uncommented.charAt(open) === '`') return open + 1 + uncommented.slice(open + 1).search(/(?<=`\s*)\(/);
  let depth = 0;
  let index = open;
  do {
    if (code.charAt(index) === '(') depth += 1;
    if (code.charAt(index) === ')') depth -= 1;
    index += 1;
  } while (depth > 0 && index < code.length);
  return index + code.slice(index).search(/\S|$/);
}
