import { breaches, type Ban } from './search.ts';
import { isProduct, type Finding, type SourceFile } from './source-file.ts';

// A line that asks the machine for the time, or for chance, cannot be tested at an instant of our choosing and gives
// another answer when the log is read again.
const BANS_IN_CODE: readonly Ban[] = [
  { pattern: /\bDate\s*\.\s*now\b/, instead: 'asks the wall clock: take a Clock and call clock.now()' },
  {
    pattern: /\bnew\s+Date\s*(?:\(\s*\)|(?=[;,)\]]))/,
    instead: 'asks the wall clock: new Date(clock.now())',
  },
  {
    pattern: /(?<!\bnew\s+)(?<![.\w])Date\s*\(/,
    instead: 'asks the wall clock: new Date(clock.now()).toString()',
  },
  {
    pattern: /\bMath\s*\.\s*random\b/,
    instead: 'is not repeatable: derive ids from the facts, take secrets from randomBytes of node:crypto',
  },
  {
    pattern: /(?<![.\w])(?:globalThis\s*\.\s*)?set(?:Timeout|Interval)\b/,
    instead: 'starts a timer of its own: clock.after(ms, callback) or await clock.sleep(ms, signal)',
  },
  {
    pattern: /\bperformance\s*\.\s*now\b/,
    instead: 'asks the machine for the time: take a Clock and call clock.now()',
  },
  { pattern: /\bprocess\s*\.\s*(?:hrtime|uptime)\b/, instead: 'asks the machine for the time: clock.now()' },
  {
    pattern: /\bAbortSignal\s*\.\s*timeout\b/,
    instead: 'hides a timer: an AbortController that clock.after(ms, callback) aborts',
  },
];
const BANS_IN_IMPORTS: readonly Ban[] = [
  {
    pattern: /['"](?:node:)?timers(?:\/promises)?['"]/,
    instead: 'imports timers: clock.sleep(ms, signal) or clock.after(ms, callback)',
  },
];

const HOME = 'libs/platform/src/clock/';

/** Only the clock port knows how time is asked for and waited for; tests, bench and scripts are free. */
export function clockRule(tree: readonly SourceFile[]): Finding[] {
  return tree
    .filter((file) => isProduct(file) && !file.path.startsWith(HOME))
    .flatMap((file) => [
      ...breaches(file, 'code', BANS_IN_CODE),
      ...breaches(file, 'uncommented', BANS_IN_IMPORTS),
    ]);
}
