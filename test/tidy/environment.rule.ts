import { breaches, type Ban } from './search.ts';
import { isScript, isTest, type Finding, type SourceFile } from './source-file.ts';

// The environment is a global that any line could read: it is read once, before Nest starts, and handed down as a
// typed, checked value.
const INSTEAD =
  'reads the environment: take the value from the schema of a *.config.ts file, handed down as an argument';

const BANS_IN_CODE: readonly Ban[] = [
  { pattern: /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\s*\[/, instead: INSTEAD },
  { pattern: /\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/, instead: INSTEAD },
];
const BANS_IN_IMPORTS: readonly Ban[] = [
  { pattern: /\{[^{}]*\benv\b[^{}]*\}\s*from\s*['"](?:node:)?process['"]/, instead: INSTEAD },
];

/** Who else may read it, and why. */
const ALLOWED: readonly { readonly where: RegExp; readonly because: string }[] = [
  { where: /\.config\.ts$/, because: 'this is where it becomes a typed value' },
  {
    where: /^(?:scripts|bench)\//,
    because: 'they are programs of their own, without Nest and without configuration',
  },
  { where: /^test\//, because: 'end-to-end tests hand an environment to the processes that they start' },
  { where: /^libs\/testing\//, because: 'it finds out which services the machine offers to the tests' },
];

/** `process.env` is read in `*.config.ts` only. */
export function environmentRule(tree: readonly SourceFile[]): Finding[] {
  return tree
    .filter(
      (file) => isScript(file) && !isTest(file.path) && !ALLOWED.some(({ where }) => where.test(file.path)),
    )
    .flatMap((file) => [
      ...breaches(file, 'code', BANS_IN_CODE),
      ...breaches(file, 'uncommented', BANS_IN_IMPORTS),
    ]);
}
