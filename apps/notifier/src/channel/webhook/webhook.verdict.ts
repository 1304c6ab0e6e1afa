// What an attempt means for the delivery: done, try again, or dead. Only a 2xx is done. A receiver that says
// 410 wants no more; an address the guard refuses will be refused again. Everything else may heal and is
// tried again on schedule.
import type {
  OutboundAnswer,
  OutboundFailureReason,
  OutboundOutcome,
  OutboundRefusalReason,
} from '#platform';

/** Why a delivery is tried again. */
export type WebhookRetryReason =
  'redirected' | 'client_error' | 'rate_limited' | 'unavailable' | 'server_error' | OutboundFailureReason;

/** Why a delivery is dead at once; after `gone` the channel is to be disabled. */
export type WebhookRefusalReason = 'gone' | 'unsignable' | OutboundRefusalReason;

/** What the ledger keeps of every attempt. */
export interface WebhookAttemptFacts {
  readonly status?: number | undefined;
  readonly durationMs: number;
  /** What the receiver answered, at most 1 KB of plain text. */
  readonly responseExcerpt: string;
  /** A sentence for the owner of the channel. */
  readonly detail: string;
  /** The address dialled, for the operator. */
  readonly address?: string | undefined;
}

/** What an attempt means for the delivery. */
export type WebhookVerdict =
  | (WebhookAttemptFacts & { readonly outcome: 'delivered' })
  | (WebhookAttemptFacts & {
      readonly outcome: 'retry';
      readonly reason: WebhookRetryReason;
      /** The receiver asked not to be tried again before this much time has passed. */
      readonly afterMs?: number | undefined;
    })
  | (WebhookAttemptFacts & { readonly outcome: 'refused'; readonly reason: WebhookRefusalReason });

/** A receiver cannot put a delivery off for longer: after that, silence is worse than a question too many. */
const RETRY_AFTER_LIMIT_MS = 24 * 3_600_000;

/** Judges the outcome of one request. */
export function judgeAttempt(outcome: OutboundOutcome): WebhookVerdict {
  const { durationMs, address } = outcome;
  if (outcome.kind === 'answered') return judgeAnswer(outcome);
  const facts = { durationMs, address, responseExcerpt: '', detail: outcome.detail };
  if (outcome.kind === 'refused') return { outcome: 'refused', reason: outcome.reason, ...facts };
  return { outcome: 'retry', reason: outcome.reason, ...facts };
}

function judgeAnswer(answer: OutboundAnswer): WebhookVerdict {
  const { status, durationMs, address, bodyExcerpt } = answer;
  const facts = { status, durationMs, address, responseExcerpt: bodyExcerpt, detail: `Answered ${status}.` };
  if (status >= 200 && status < 300) return { outcome: 'delivered', ...facts };
  if (status === 410) {
    return {
      outcome: 'refused',
      reason: 'gone',
      ...facts,
      detail: 'Answered 410: the receiver wants no more.',
    };
  }
  if (status === 429 || status === 502 || status === 503 || status === 504) {
    const reason = status === 429 ? 'rate_limited' : 'unavailable';
    const asked = answer.retryAfterMs;
    const afterMs = asked === undefined ? undefined : Math.min(asked, RETRY_AFTER_LIMIT_MS);
    return { outcome: 'retry', reason, afterMs, ...facts };
  }
  if (status < 400) {
    const target = answer.location === undefined ? '' : ` to ${answer.location}`;
    const detail = `Answered ${status}, a redirect${target}. Redirects are not followed; enter the final address.`;
    return { outcome: 'retry', reason: 'redirected', ...facts, detail };
  }
  return { outcome: 'retry', reason: status < 500 ? 'client_error' : 'server_error', ...facts };
}
