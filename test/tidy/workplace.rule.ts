import { breaches, type Ban } from './search.ts';
import type { Finding, SourceFile } from './source-file.ts';

// A reader has the repository and nothing else: who or what wrote a line, in which folder and on which day, and under
// which number it was asked for, is of no use to him. Brackets keep the patterns from finding themselves.
const PLACE = 'names a place that only its writer had: a path inside the repository, or the fact itself';
const WRITER = 'speaks of its writer: say what is true of the product';
const NUMBER = 'points at something a reader may not have: say the reason itself';

const BANS: readonly Ban[] = [
  { pattern: /\/(?:wor[k]|far[m])\//i, instead: PLACE },
  { pattern: /\/tm[p]\/(?:brief|bash_jobs)\b/i, instead: PLACE },
  { pattern: /\b(?:DESIG[N]|INTERFAC[E])\.md\b/, instead: PLACE },
  {
    pattern: /\bshare[d]\/reference\b|\breferenc[e]\/(?:style|evaluator|notifier|healthchecks|peers)\.md\b/i,
    instead: PLACE,
  },
  { pattern: /\bA[I][ -](?:assistant|agent|model|generated)\b|\bas an A[I]\b/i, instead: WRITER },
  {
    pattern: /\b(?:Claud[e]|Anthropi[c]|ChatGP[T]|Copilo[t])\b|\blanguage mode[l]\b|\bLL[M]s?\b/i,
    instead: WRITER,
  },
  { pattern: /\bthis sessio[n]\b|\bprevious sessio[n]\b|\bthe brie[f] (?:says|asks)\b/i, instead: WRITER },
  { pattern: /\b(?:issu[e]|ticke[t]|pul[l] request)\s+#\d+/i, instead: NUMBER },
];

/** Texts that are kept as others wrote them. */
const OTHERS = /\/compose-spec\.schema\.json$/;

/** Every text of the repository can be read by someone who has only the repository. */
export function workplaceRule(tree: readonly SourceFile[]): Finding[] {
  return tree.filter(({ path }) => !OTHERS.test(path)).flatMap((file) => breaches(file, 'text', BANS));
}
