import type { PingKind, PingReceived } from '../event/ping.ts';
import type { CheckRow } from './check-row.ts';
import type { KeywordFilter } from './definition.ts';

/** What a ping is to its check: its kind, or nothing at all. */
export interface PingMeaning {
  readonly kind: PingKind;
  /** Kept in the history but without influence. */
  readonly ignored: boolean;
}

/**
 * Reads a ping by its check's filters, in Healthchecks' order: the method first, then a check that is paused until
 * somebody resumes it, then words in the body, which go before what the URL says.
 */
export function meaningOf(check: CheckRow, ping: PingReceived): PingMeaning {
  const { rules } = check;
  const isRefused = rules.methods === 'post' && ping.method !== 'POST';
  if (isRefused || (rules.manualResume && check.status === 'paused')) {
    return { kind: ping.kind, ignored: true };
  }
  return rules.bodyKeywords === null
    ? { kind: ping.kind, ignored: false }
    : byKeywords(rules.bodyKeywords, ping);
}

/** Failure words go first, so that a log that speaks of both is not taken for good news. Case counts. */
function byKeywords(filter: KeywordFilter, ping: PingReceived): PingMeaning {
  // A body that is no text has no words.
  const text = ping.body !== null && 'text' in ping.body ? ping.body.text : '';
  const has = (words: readonly string[]) => words.some((word) => text.includes(word));
  if (has(filter.failure)) return { kind: 'fail', ignored: false };
  if (has(filter.success)) return { kind: 'success', ignored: false };
  if (has(filter.start)) return { kind: 'start', ignored: false };
  return filter.otherwise === 'fail' ? { kind: 'fail', ignored: false } : { kind: ping.kind, ignored: true };
}
