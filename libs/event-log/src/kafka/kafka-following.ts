import { randomUUID } from 'node:crypto';
import type { Clock, Logger } from '#platform';
import type { Batch, Consumer, ConsumerGroupJoinEvent } from 'kafkajs';
import type { Following, Subscription, TopicSpec } from '../event-log.ts';
import { answerUnless } from './answer-unless.ts';
import { PATIENT, createKafka, type KafkaClientOptions } from './kafka-client.ts';
import type { KafkaOffsets } from './kafka-offsets.ts';
import { PartitionFeed } from './partition-feed.ts';
import { stickyAssigner } from './sticky-assigner.ts';

/** The least that brokers allow by default: a killed member's partitions move after 6 s and one round of joining. */
const SESSION_MS = 6_000;
const HEARTBEAT_MS = 1_500;
const REBALANCE_MS = 6_000;

/** How long a fetch without news waits. Also how late a resumed partition joins the fetch that is under way. */
const LONG_POLL_MS = 250;

/** A whole message set fits, so that Kafka never answers with nothing but the part we have already. */
const FETCH_BYTES_PER_PARTITION = 8_388_608;
const FETCH_BYTES = 16_777_216;

/** Records have been there for so long and none came: the consumer hangs and is replaced. */
const STALL_LIMIT_MS = 15_000;
const JOIN_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 5_000;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;

/** Leaving takes two requests. When Kafka is gone, a process that ends must not wait for it. */
const FAREWELL_LIMIT_MS = 3_000;

/** A new broker has no coordinator yet and says so once or twice: not worth a warning. */
const QUIET_FAILURES = 2;

/** kafkajs must not start a crashed consumer again by itself: we make a new one, which is simpler to reason about. */
const RETRY = { restartOnFailure: async () => false };

export interface FollowingParts {
  readonly client: KafkaClientOptions;
  readonly offsets: KafkaOffsets;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * One member's reading. kafkajs fetches and keeps the membership; which partitions are ours is taken from each round
 * of joining, and where they are read from is decided by their feeds, never by committed offsets. kafkajs tells of a
 * lost partition only when the next round is over, so for that moment two members may deliver the same records.
 */
export class KafkaFollowing implements Following {
  readonly #feeds = new Map<number, PartitionFeed>();
  readonly #leaving = new Map<number, Promise<void>>();
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  #consumer: Consumer | null = null;
  #memberId: string | null = null;
  #failures = 0;
  #stopping = false;

  constructor(
    private readonly subscription: Subscription,
    private readonly spec: TopicSpec,
    private readonly parts: FollowingParts,
  ) {
    if (subscription.group === null) {
      for (let partition = 0; partition < spec.partitions; partition += 1) this.#win(partition);
    }
    this.#running = this.#run();
  }

  owned(): readonly number[] {
    return [...this.#feeds.keys()].sort((left, right) => left - right);
  }

  /** Leaves the group only when nothing is being delivered any more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#releaseAll();
    await Promise.all(this.#leaving.values());
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock } = this.parts;
    while (!this.#ending.signal.aborted) {
      await this.#useOneConsumer();
      if (this.#ending.signal.aborted) return;
      // Our session with the group is over: what we owned may be another's by now.
      if (this.subscription.group !== null) this.#releaseAll();
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
      await clock.sleep(pauseMs, this.#ending.signal);
    }
  }

  /** Resolves when the consumer crashed, hangs, or is not wanted any more. */
  async #useOneConsumer(): Promise<void> {
    const consumer = this.#newConsumer();
    this.#consumer = consumer;
    const { GROUP_JOIN, CRASH } = consumer.events;
    const over = new AbortController();
    const end = (): void => over.abort();
    this.#ending.signal.addEventListener('abort', end, { once: true });
    consumer.on(GROUP_JOIN, ({ payload }) => this.#joined(consumer, payload));
    consumer.on(CRASH, ({ payload }) => {
      this.#tellFailure(payload.error, 'Reading from Kafka broke off; a new consumer takes over.');
      end();
    });
    const starting = this.#start(consumer).catch((error: unknown) => {
      this.#tellFailure(error, 'Reading from Kafka could not begin; trying again.');
      end();
    });
    await this.#watch(over.signal);
    this.#ending.signal.removeEventListener('abort', end);
    this.#consumer = null;
    this.#memberId = null;
    await this.#dispose(consumer, starting);
  }

  #newConsumer(): Consumer {
    const { group, topic } = this.subscription;
    const { client } = this.parts;
    return createKafka(client, PATIENT).consumer({
      // A reader that shares with nobody is a group of one. A new name each time: nobody to wait for.
      groupId: group ?? `${client.clientId}-${randomUUID()}`,
      partitionAssigners: [stickyAssigner(topic, this.spec.partitions, () => this.owned())],
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_MS,
      maxWaitTimeInMs: LONG_POLL_MS,
      maxBytesPerPartition: FETCH_BYTES_PER_PARTITION,
      maxBytes: FETCH_BYTES,
      allowAutoTopicCreation: false,
      retry: RETRY,
    });
  }

  async #start(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [this.subscription.topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: this.spec.partitions,
      eachBatch: async ({ batch }) => this.#fetched(consumer, batch),
    });
  }

  /** kafkajs may finish joining after it was told to stop; a member that nobody reads for must not hold partitions. */
  async #dispose(consumer: Consumer, starting: Promise<void>): Promise<void> {
    const done = new AbortController();
    const leaving = starting.then(async () => await consumer.disconnect());
    void leaving.then(
      () => done.abort(),
      () => done.abort(),
    );
    await this.parts.clock.sleep(FAREWELL_LIMIT_MS, done.signal);
  }

  /** Called by kafkajs before the first fetch of a round, so that every partition is placed before it is read. */
  #joined(consumer: Consumer, payload: ConsumerGroupJoinEvent['payload']): void {
    if (consumer !== this.#consumer || this.#stopping) return;
    this.#failures = 0;
    const { group, topic } = this.subscription;
    const assigned = payload.memberAssignment[topic] ?? [];
    // With another member id we were out of the group for a while, and others may have owned what we get again.
    const unbroken = group === null || payload.memberId === this.#memberId;
    this.#memberId = payload.memberId;
    for (const partition of this.owned()) {
      if (!unbroken || !assigned.includes(partition)) this.#release(partition);
    }
    for (const partition of assigned) {
      if (!this.#feeds.has(partition)) this.#win(partition);
      this.#feeds.get(partition)?.reposition();
    }
  }

  #fetched(consumer: Consumer, batch: Batch & { readonly fetchedOffset?: string }): void {
    if (consumer !== this.#consumer) return;
    // Where the fetch began is not in kafkajs' types, but it is what tells a stale answer from a good one.
    const fetchedFrom = Number(batch.fetchedOffset ?? batch.firstOffset() ?? 0);
    this.#feeds.get(batch.partition)?.offer(fetchedFrom, batch.messages);
  }

  #win(partition: number): void {
    const { clock, logger, offsets } = this.parts;
    const { topic } = this.subscription;
    const place = { topic, partitions: [partition] };
    const control = {
      readFrom: (offset: number) =>
        this.#steer((consumer) => {
          consumer.seek({ topic, partition, offset: String(offset) });
          consumer.resume([place]);
        }),
      pause: () => this.#steer((consumer) => consumer.pause([place])),
      resume: () => this.#steer((consumer) => consumer.resume([place])),
    };
    const parts = { clock, logger, control, range: async () => await offsets.of(topic, partition) };
    const feed = new PartitionFeed(this.subscription, partition, parts, this.#leaving.get(partition));
    this.#feeds.set(partition, feed);
  }

  /** A consumer that has not joined yet cannot be steered; it asks the feeds where to read when it has. */
  #steer(action: (consumer: Consumer) => void): void {
    if (this.#consumer === null || this.#memberId === null) return;
    try {
      action(this.#consumer);
    } catch (error) {
      this.parts.logger.debug({ err: error }, 'The consumer has just ended.');
    }
  }

  #release(partition: number): void {
    const feed = this.#feeds.get(partition);
    if (feed === undefined) return;
    this.#feeds.delete(partition);
    const gone = feed.stop().then(() => {
      if (this.#leaving.get(partition) === gone) this.#leaving.delete(partition);
      this.subscription.released?.(partition);
    });
    this.#leaving.set(partition, gone);
  }

  #releaseAll(): void {
    for (const partition of this.owned()) this.#release(partition);
  }

  async #watch(over: AbortSignal): Promise<void> {
    const { clock, logger } = this.parts;
    const { topic, group } = this.subscription;
    const startedAt = clock.monotonic();
    while (!over.aborted) {
      await clock.sleep(LOOK_EVERY_MS, over);
      const joined = this.#memberId !== null;
      const since = joined ? await answerUnless(over, this.#longestHunger()) : startedAt;
      const limitMs = joined ? STALL_LIMIT_MS : JOIN_LIMIT_MS;
      if (over.aborted || since === null || clock.monotonic() - since < limitMs) continue;
      logger.warn(
        { topic, group, limitMs },
        'Reading from Kafka makes no progress; a new consumer takes over.',
      );
      return;
    }
  }

  async #longestHunger(): Promise<number | null> {
    try {
      const ranges = await this.parts.offsets.ofAll(this.subscription.topic);
      const since = [...this.#feeds].map(([partition, feed]) =>
        feed.hungrySince(ranges.get(partition)?.high ?? 0),
      );
      return since.reduce((longest, one) => (one === null || (longest ?? one) < one ? longest : one), null);
    } catch {
      // Kafka does not answer: no verdict on the consumer.
      return null;
    }
  }

  #tellFailure(error: unknown, message: string): void {
    const { topic, group } = this.subscription;
    const fields = { err: error, topic, group };
    const quiet = this.#memberId === null && this.#failures < QUIET_FAILURES;
    this.#failures += 1;
    if (quiet) this.parts.logger.debug(fields, message);
    else this.parts.logger.warn(fields, message);
  }
}
