import { randomInt, randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database, type ClaimedDelivery, type Settlement } from '#persistence';
import { PLATFORM, Wakeup, errorMessage, type CounterOf, type Platform } from '#platform';
import type { WebhookChannel } from '../channel/webhook/webhook.channel.ts';
import type { WebhookVerdict } from '../channel/webhook/webhook.verdict.ts';
import { nextAttemptAt } from './retry-schedule.ts';

export const WEBHOOK_CHANNEL = Symbol('webhook channel');

/** Twice the longest attempt (15 s): a sender that is still at work keeps its lease, a dead one loses it soon. */
const LEASE_MS = 30_000;
/** A sender that was killed is noticed within this time, and what it was sending is sent again. */
const SILENT_MS = 6_000;
const BEAT_EVERY_MS = 1_500;
const IN_FLIGHT_MAX = 64;
/** With a cap of four, healthy receivers waited 4 s instead of 62 s behind a slow one in a trial of 10,000 messages. */
const IN_FLIGHT_PER_CHANNEL = 4;
/** Retries that become due, and rows of another process, are seen within this time; our own planner wakes us at once. */
const LOOK_EVERY_MS = 500;

/**
 * Sends what is due: claims with a lease, one attempt, and the result written only while the lease is ours. A kill
 * between sending and writing repeats the message with the same id; nothing is ever lost.
 */
@Injectable()
export class DeliverySender implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #id = randomUUID();
  readonly #wakeup = new Wakeup();
  readonly #ending = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #outcomes: CounterOf<'outcome' | 'reason'>;
  #running: Promise<void> | null = null;
  #trouble: string | null = null;
  #beatAt = 0;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(WEBHOOK_CHANNEL) private readonly webhook: WebhookChannel,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {
    this.#outcomes = platform.metrics.counter(
      'holter_deliveries_total',
      'Attempts to deliver, by outcome and reason.',
      ['outcome', 'reason'],
    );
    platform.health.add('sender', () => this.#trouble);
  }

  /** There may be something to send. */
  wake(): void {
    this.#wakeup.call();
  }

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    await Promise.all(this.#inFlight);
  }

  async #run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const claimed = await this.#claim();
      for (const delivery of claimed) this.#begin(delivery);
      if (claimed.length === 0)
        await this.#wakeup.wait(this.platform.clock, LOOK_EVERY_MS, this.#ending.signal);
    }
  }

  async #claim(): Promise<ClaimedDelivery[]> {
    const limit = IN_FLIGHT_MAX - this.#inFlight.size;
    try {
      await this.#beat();
      if (limit <= 0) return [];
      const claimed = await this.database.repositories.deliveries.claim({
        now: this.platform.clock.now(),
        leaseMs: LEASE_MS,
        limit,
        perChannel: IN_FLIGHT_PER_CHANNEL,
        leaseToken: randomUUID(),
        sender: this.#id,
        senderSilentMs: SILENT_MS,
      });
      this.#trouble = null;
      return claimed;
    } catch (error) {
      this.#trouble = 'PostgreSQL does not answer, so nothing can be sent';
      this.platform.logger.warn(
        { detail: errorMessage(error) },
        'Deliveries cannot be claimed; trying again.',
      );
      return [];
    }
  }

  /** Shows the other senders that our leases are still ours. */
  async #beat(): Promise<void> {
    const now = this.platform.clock.now();
    if (now - this.#beatAt < BEAT_EVERY_MS) return;
    await this.database.repositories.deliveries.heartbeat(this.#id, now);
    this.#beatAt = now;
  }

  #begin(delivery: ClaimedDelivery): void {
    const done = this.#attempt(delivery)
      .catch((error: unknown) => {
        // The lease runs out and the message is tried again; its id tells the receiver that it is the same one.
        this.platform.logger.error(
          { deliveryId: delivery.id, detail: errorMessage(error) },
          'An attempt could not be recorded.',
        );
      })
      .finally(() => {
        this.#inFlight.delete(done);
        this.wake();
      });
    this.#inFlight.add(done);
  }

  async #attempt(delivery: ClaimedDelivery): Promise<void> {
    const at = this.platform.clock.now();
    const verdict = await this.webhook.send(
      {
        url: delivery.url,
        secrets: [delivery.secret],
        deliveryId: delivery.transitionId,
        eventType: delivery.eventType,
        body: delivery.body,
        attempt: delivery.attempts,
      },
      this.#ending.signal,
    );
    const reason = verdict.outcome === 'delivered' ? null : verdict.reason;
    this.#outcomes.add({ outcome: verdict.outcome, reason: reason ?? 'none' });
    const attempt = {
      deliveryId: delivery.id,
      number: delivery.attempts,
      at,
      durationMs: Math.round(verdict.durationMs),
      outcome: verdict.outcome,
      reason,
      status: verdict.status ?? null,
      responseExcerpt: verdict.responseExcerpt.slice(0, 1_024) || null,
    };
    const { deliveries, channels } = this.database.repositories;
    await deliveries.settle(delivery, attempt, this.#settlement(delivery, verdict));
    if (reason === 'gone') await channels.disable(delivery.channelId, 'the receiver answered 410 Gone');
    if (verdict.outcome !== 'delivered') {
      this.platform.logger.info(
        { deliveryId: delivery.id, reason, attempt: delivery.attempts },
        verdict.detail,
      );
    }
  }

  #settlement(delivery: ClaimedDelivery, verdict: WebhookVerdict): Settlement {
    if (verdict.outcome === 'delivered') return { state: 'delivered', nextAttemptAt: null, lastReason: null };
    if (verdict.outcome === 'refused')
      return { state: 'dead', nextAttemptAt: null, lastReason: verdict.reason };
    // Our own end is no fault of the receiver: whoever comes next tries at once.
    if (verdict.reason === 'aborted') {
      return { state: 'pending', nextAttemptAt: this.platform.clock.now(), lastReason: verdict.reason };
    }
    const next = nextAttemptAt({
      attempts: delivery.attempts,
      failedAt: this.platform.clock.now(),
      retryAfterMs: verdict.afterMs,
      jitter: randomInt(1_000_000) / 1_000_000,
    });
    return { state: next === null ? 'dead' : 'pending', nextAttemptAt: next, lastReason: verdict.reason };
  }
}
