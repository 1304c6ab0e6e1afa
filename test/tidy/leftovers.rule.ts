import { breaches, type Ban } from './search.ts';
import type { Finding, SourceFile } from './source-file.ts';

// The brackets keep these two lines from finding themselves.
const BANS: readonly Ban[] = [
  { pattern: /\bFIX[M]E\b/, instead: 'is unfinished: finish it before it is merged' },
  {
    pattern: /\bTO[D]O\b/,
    instead:
      'is a promise nobody keeps: do it, or say in a sentence what the code does not do and why that is fine',
  },
];

/** No text of the repository holds a note to finish it later. */
export function leftoversRule(tree: readonly SourceFile[]): Finding[] {
  return tree.flatMap((file) => breaches(file, 'text', BANS));
}
