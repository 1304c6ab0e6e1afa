import { breaches, type Ban } from './search.ts';
import { isScript, type Finding, type SourceFile } from './source-file.ts';

const DOUBLE_CAST: readonly Ban[] = [
  {
    pattern: /\bas\s+(?:unknown|never|any)\s+as\b/,
    instead: 'silences the compiler: narrow with a type guard, a schema, or satisfies',
  },
];
const SILENCED: readonly Ban[] = [
  {
    pattern: /\/[/*]\s*@ts-(?:ignore|nocheck)\b/,
    instead: 'silences the compiler for good: @ts-expect-error with the reason, or a type that fits',
  },
  {
    pattern: /\/[/*]\s*@ts-expect-error\b(?!\W*\w+ \w+)/,
    instead: 'does not say why: @ts-expect-error followed by a sentence',
  },
  {
    pattern: /\/[/*]\s*(?:oxlint|eslint)-disable(?:-next-line|-line)?\b(?!.*--\s*\w+ \w+)/,
    instead: 'does not say why: oxlint-disable-next-line <rule> -- a sentence',
  },
];

/** The compiler and the linter are not silenced without a reason that a reader can judge. */
export function castsRule(tree: readonly SourceFile[]): Finding[] {
  return tree
    .filter(isScript)
    .flatMap((file) => [...breaches(file, 'code', DOUBLE_CAST), ...breaches(file, 'text', SILENCED)]);
}
