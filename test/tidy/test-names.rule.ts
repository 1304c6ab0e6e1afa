import { findingAt, isTest, type Finding, type SourceFile } from './source-file.ts';

const TEST = /(?<![.\w])(?:it|test)((?:\s*\.\s*\w+)*)\s*(?=[(`])/g;

/**
 * Within a file every test has a name of its own, whatever `describe` it stands in: a name is how one test is run alone,
 * and how a failure in a long log is found.
 */
export function testNamesRule(tree: readonly SourceFile[]): Finding[] {
  return tree.filter(({ path }) => isTest(path)).flatMap(duplicates);
}

function duplicates(file: SourceFile): Finding[] {
  const seen = new Set<string>();
  return [...file.uncommented.matchAll(TEST)].flatMap((match) => {
    const name = nameOf(file, match.index + match[0].length, /\.\s*each$/.test(match[1] ?? ''));
    if (name === undefined) return [];
    if (seen.has(name)) return [findingAt(file, match.index, `"${name}" is there already: say what differs`)];
    seen.add(name);
    return [];
  });
}

/** The literal that is the first argument; with `each`, of the call after the table. */
function nameOf(file: SourceFile, open: number, hasTable: boolean): string | undefined {
  const call = hasTable ? afterTable(file.code, open) : open;
  const name = /^\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1/.exec(file.uncommented.slice(call));
  return name?.[2];
}

/** Where the call after the table opens. A table in a template literal is blank in `code`, so only the call is left. */
function afterTable(code: string, open: number): number {
  if (code.charAt(open) !== '(') return open + code.slice(open).search(/\(/);
  let depth = 0;
  let index = open;
  do {
    if (code.charAt(index) === '(') depth += 1;
    if (code.charAt(index) === ')') depth -= 1;
    index += 1;
  } while (depth > 0 && index < code.length);
  return index + code.slice(index).search(/\S|$/);
}
