import { partitionOf } from '#domain';
import { BEATS, type EventLog } from '#event-log';
import type { Clock, Logger } from '#platform';
import type { Identity } from './identity.ts';
import { PartitionProducer, type ProducerParts, type UnstampedPing } from './partition-producer.ts';

/** How often the fold hears that time has passed. Half a second keeps an alarm well within two of its deadline. */
const TICK_MS = 500;

/**
 * A process that stood still (a suspended laptop, SIGSTOP) for longer than this was not listening. It joins anew, and
 * the log then shows the hole. The same length as the lease by which others would have judged us.
 */
const STALL_MS = 10_000;
/** Half of that without an append on a partition: others may have begun to count a little before us. */
const SILENCE_SHARE = 0.5;
/** An append that takes longer is told to the operator; a pause of a second is an ordinary hiccup. */
const TROUBLE_MS = 2_000;

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
  #aliveAt: number;

  constructor(private readonly options: IngestProducerOptions) {
    const { identity, log, clock, logger, appended, stallMs = STALL_MS } = options;
    const count = log.topics.find((topic) => topic.name === BEATS)?.partitions ?? 0;
    const parts: ProducerParts = {
      producer: identity.producer,
      log,
      clock,
      logger,
      appended,
      noticeStall: () => this.#noticeStall(),
      silenceMs: stallMs * SILENCE_SHARE,
      rejoin: (partition, listenedUntilAt) => this.#rejoin(partition, listenedUntilAt),
    };
    this.#partitions = Array.from(
      { length: count },
      (_, partition) => new PartitionProducer(partition, parts),
    );
    this.#stallMs = stallMs;
    this.#aliveAt = clock.now();
  }

  /** Joins every partition and begins to tell the time. */
  start(): void {
    this.#aliveAt = this.options.clock.now();
    this.#join(this.#aliveAt);
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
    const now = this.options.clock.now();
    const failing = this.#partitions.flatMap(({ tryingSinceAt: at }) =>
      at !== null && now - at >= TROUBLE_MS ? [now - at] : [],
    );
    if (failing.length === 0) return null;
    const seconds = Math.round(Math.max(...failing) / 1_000);
    return `the log has not taken pings on ${failing.length} of ${this.#partitions.length} partitions for ${seconds} s`;
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#ticking;
    await Promise.all(this.#partitions.map(async (partition) => await partition.leave()));
  }

  #join(listenedUntilAt: number): void {
    const epoch = this.options.identity.nextEpoch();
    for (const partition of this.#partitions) partition.join(epoch, listenedUntilAt);
  }

  /**
   * Joins one partition anew: after a silence of the log in which we may have been expired there (no watermark of that
   * epoch would count any more, and if nobody expired us, the log shows no hole), or after refusing pings.
   */
  #rejoin(partition: PartitionProducer, listenedUntilAt: number): void {
    this.#noticeStall();
    partition.join(this.options.identity.nextEpoch(), listenedUntilAt);
  }

  /** Before any stamp after a stall: otherwise that stamp would tell the fold that the time in between was heard. */
  #noticeStall(): void {
    const now = this.options.clock.now();
    const aliveAt = this.#aliveAt;
    this.#aliveAt = now;
    if (now - aliveAt <= this.#stallMs) return;
    const stoodStillMs = now - aliveAt;
    this.options.logger.warn(
      { stoodStillMs },
      'This process stood still and was not listening; joining anew.',
    );
    this.#join(aliveAt);
  }

  async #tick(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      await this.options.clock.sleep(TICK_MS, this.#ending.signal);
      this.#noticeStall();
      for (const partition of this.#partitions) partition.tick();
    }
  }
}
