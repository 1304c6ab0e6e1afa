import { breaches, type Ban } from './search.ts';
import { isProduct, type Finding, type SourceFile } from './source-file.ts';

// The fold must give the same bytes on every machine and every version of Node. What is banned here depends on the
// time zone data, on the locale, on chance, or is only approximately defined by the language.
const EXACT = 'abs|ceil|clz32|floor|fround|imul|max|min|round|sign|trunc';

const BANS: readonly Ban[] = [
  {
    pattern: /(?<![.\w])Date\b/,
    instead: 'uses Date: an instant is a number of milliseconds, a local time comes from schedule/civil.ts',
  },
  { pattern: /(?<![.\w])Intl\b/, instead: 'uses Intl: offsets come from the versioned table in schedule/' },
  {
    pattern: /(?<![.\w])crypto\b|\b(?:randomUUID|randomBytes|randomInt|getRandomValues)\b/,
    instead: 'is not repeatable: an id is a function of the facts, such as checkId:seq',
  },
  {
    pattern: new RegExp(String.raw`\bMath\s*\.\s*(?!(?:${EXACT})\b)\w+`),
    instead:
      'is rounded differently by different engines: whole numbers, or compare squares instead of roots',
  },
  { pattern: /\*\*/, instead: 'is rounded differently by different engines: multiply, or write the number' },
  {
    pattern: /\.\s*(?:localeCompare|toLocale\w+)\b/,
    instead: 'depends on the locale data of the machine: compare with < and >',
  },
  {
    pattern: /(?<![.\w])(?:performance|process|globalThis|fetch)\b/,
    instead: 'reaches outside: take the value as an argument',
  },
];

/** Nothing in libs/domain depends on where or when it runs. */
export function domainPurityRule(tree: readonly SourceFile[]): Finding[] {
  return tree
    .filter((file) => isProduct(file) && file.path.startsWith('libs/domain/'))
    .flatMap((file) => breaches(file, 'code', BANS));
}
