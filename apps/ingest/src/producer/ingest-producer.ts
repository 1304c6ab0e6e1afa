import { partitionOf } from '#domain';
import { BEATS, type EventLog } from '#event-log';
import type { Clock, Logger } from '#platform';
import type { Identity } from './identity.ts';
import { PartitionProducer, type UnstampedPing } from './partition-producer.ts';

/** How often the fold hears that time has passed. Half a second keeps an alarm well within two of its deadline. */
const TICK_MS = 500;

/**
 * A process that stood still (a suspended laptop, SIGSTOP) for longer than this was not listening. It joins anew, and
 * the log then shows the hole. The same length as the lease by which others would have judged us.
 */
const STALL_MS = 10_000;

export interface IngestProducerOptions {
  readonly identity: Identity;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly appended: (seconds: number, pings: number) => void;
  /** Overrides when a jump of the clock counts as not listening; virtual time jumps as it pleases. */
  readonly stallMs?: number;
}

/** This ingest's membership and its writers, one a partition. */
export class IngestProducer {
  readonly #partitions: readonly PartitionProducer[];
  readonly #stallMs: number;
  readonly #ending = new AbortController();
  #ticking: Promise<void> | null = null;
  #aliveAt = 0;

  constructor(private readonly options: IngestProducerOptions) {
    const { identity, log, clock, logger, appended } = options;
    const count = log.topics.find((topic) => topic.name === BEATS)?.partitions ?? 0;
    const parts = { producer: identity.producer, log, clock, logger, appended };
    this.#partitions = Array.from(
      { length: count },
      (_, partition) => new PartitionProducer(partition, parts),
    );
    this.#stallMs = options.stallMs ?? STALL_MS;
  }

  /** Joins every partition and begins to tell the time. */
  start(): void {
    this.#aliveAt = this.options.clock.now();
    this.#join();
    this.#ticking = this.#tick();
  }

  /** Resolves true once the ping is durable; false when it cannot be taken now. */
  async take(ping: UnstampedPing): Promise<boolean> {
    this.#noticeStall();
    const partition = this.#partitions[partitionOf(ping.checkId, this.#partitions.length)];
    return partition === undefined ? false : await partition.take(ping);
  }

  /** Why pings cannot be made durable now, or null. */
  trouble(): string | null {
    const failing = this.#partitions.flatMap(({ failingSinceAt }) => failingSinceAt ?? []);
    if (failing.length === 0) return null;
    const seconds = Math.round((this.options.clock.now() - Math.min(...failing)) / 1_000);
    return `the log has not taken pings on ${failing.length} of ${this.#partitions.length} partitions for ${seconds} s`;
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#ticking;
    await Promise.all(this.#partitions.map(async (partition) => await partition.leave()));
  }

  #join(): void {
    const epoch = this.options.identity.nextEpoch();
    for (const partition of this.#partitions) partition.join(epoch);
  }

  /** Before any stamp after a stall: otherwise that stamp would tell the fold that the time in between was heard. */
  #noticeStall(): void {
    const now = this.options.clock.now();
    const stoodStillMs = now - this.#aliveAt;
    this.#aliveAt = now;
    if (stoodStillMs <= this.#stallMs) return;
    this.options.logger.warn(
      { stoodStillMs },
      'This process stood still and was not listening; joining anew.',
    );
    this.#join();
  }

  async #tick(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      await this.options.clock.sleep(TICK_MS, this.#ending.signal);
      this.#noticeStall();
      for (const partition of this.#partitions) partition.tick();
    }
  }
}
