// One attempt at one webhook: sign, send, judge. When to try again and when to give up is the delivery's
// business.
import type { Clock, GuardedHttp, OutboundRequest } from '#platform';
import { signWebhook, UnsignableWebhookError } from './webhook.signature.ts';
import { judgeAttempt, type WebhookVerdict } from './webhook.verdict.ts';

/** One message to one address. */
export interface WebhookMessage {
  readonly url: string;
  /** Every key that is in force; all of them sign. */
  readonly secrets: readonly string[];
  /** Becomes the `webhook-id`; the same for every attempt. */
  readonly deliveryId: string;
  readonly eventType: string;
  /** JSON; signed and sent byte for byte as given. */
  readonly body: string;
  /** Counted from 1. */
  readonly attempt: number;
}

/** Sends webhooks. */
export interface WebhookChannel {
  /**
   * Makes one attempt. A `signal` that aborts ends it as `retry` with the reason `aborted`; the receiver may
   * have seen the request all the same.
   */
  send(message: WebhookMessage, signal?: AbortSignal): Promise<WebhookVerdict>;
}

/** Builds the channel on a client that guards where requests go. */
export function createWebhookChannel({ http, clock }: { http: GuardedHttp; clock: Clock }): WebhookChannel {
  return {
    async send(message, signal) {
      const { url, body } = message;
      try {
        const headers = headersOf(message, clock.now());
        return judgeAttempt(await http.send({ url, method: 'POST', headers, body }, signal));
      } catch (error) {
        // Trying again would never help and never end, so the delivery is dead where people can see it.
        if (!(error instanceof UnsignableWebhookError)) throw error;
        return {
          outcome: 'refused',
          reason: 'unsignable',
          durationMs: 0,
          responseExcerpt: '',
          detail: error.message,
        };
      }
    },
  };
}

function headersOf(message: WebhookMessage, now: number): OutboundRequest['headers'] {
  const { deliveryId: id, body, secrets } = message;
  return {
    'content-type': 'application/json',
    ...signWebhook({ id, timestampSeconds: Math.floor(now / 1_000), body, secrets }),
    'holter-attempt': String(message.attempt),
    'holter-event': message.eventType,
  };
}
