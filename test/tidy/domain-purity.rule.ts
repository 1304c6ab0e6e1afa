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
    // Whatever is not one of the exact ones by its name: Math['exp'] and { exp } = Math as well.
    pattern: new RegExp(String.raw`(?<![.\w])Math\b(?!\s*\.\s*(?:${EXACT})\b)`),
    instead:
      'is rounded differently by different engines: whole numbers, or compare squares instead of roots',
  },
  { pattern: /\*\*/, instead: 'is rounded differently by different engines: multiply, or write the number' },
  {
    pattern: /\.\s*(?:localeCompare|toLocale\w+|normalize)\b/,
    instead: 'depends on the locale data of the machine: compare with < and >',
  },
  {
    pattern:
      /(?<![.\w])(?:performance|process|globalThis|global|navigator|fetch|WebSocket|console|Buffer|require|eval|Atomics|SharedArrayBuffer)\b/,
    instead: 'reaches outside: take the value as an argument',
  },
  {
    pattern: /(?<![.\w])import\s*(?:\(|\.\s*meta\b)/,
    instead: 'depends on where it lies or what can be loaded: a static import',
  },
  {
    pattern: /(?<![.\w])(?:set|clear)(?:Timeout|Interval|Immediate)\b|(?<![.\w])(?:queueMicrotask|Promise)\b/,
    instead: 'waits for real time or for its turn: return what is due when, and let the caller wait',
  },
  {
    pattern: /(?<![.\w])(?:async|await)\b(?!\s*:)/,
    instead: 'lets others in between: the domain is synchronous',
  },
  {
    pattern: /(?<![.\w])(?:WeakRef|FinalizationRegistry)\b/,
    instead: 'depends on when memory is collected: keep the value, or drop it by a rule',
  },
  {
    pattern: /(?<![.\w])Error\s*\.\s*(?:captureStackTrace|stackTraceLimit)\b|\.\s*stack\b/,
    instead: 'is worded differently by different engines: say it in a sentence of our own',
  },
  {
    pattern: /\bfor\s*\(\s*(?:const|let|var)\s+\w+\s+in\b/,
    instead:
      'goes through names that look like numbers first, and through inherited ones: a Map, or for … of',
  },
  {
    pattern: /\bnew\s+(?:Big)?(?:Int|Uint|Float)(?:16|32|64)Array\s*\(\s*[^)]*\bbuffer\b/,
    instead: 'reads bytes in the order of the machine: a DataView has one order',
  },
];

/** Nothing in libs/domain depends on where or when it runs. */
export function domainPurityRule(tree: readonly SourceFile[]): Finding[] {
  return tree
    .filter((file) => isProduct(file) && file.path.startsWith('libs/domain/'))
    .flatMap((file) => breaches(file, 'code', BANS));
}
