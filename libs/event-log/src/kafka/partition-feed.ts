import { Wakeup, type Clock, type Logger } from '#platform';
import type { LogBatch, LogRecord, Subscription } from '../event-log.ts';
import { deliverUntilTaken, startUntilAnswered, tryUntilDone } from '../retrying-delivery.ts';
import { answerUnless } from './answer-unless.ts';
import type { OffsetRange } from './kafka-offsets.ts';

const BATCH_RECORDS = 1_000;
const BATCH_BYTES = 4_000_000;

/** Fetching pauses when so much waits to be delivered, and goes on when little is left. */
const FULL_BYTES = 8_000_000;
const LOW_BYTES = 2_000_000;

/** `offer` and `stop` wake the loop; this is only against a wake-up that got lost. */
const LONGEST_WAIT_MS = 60_000;

/** A record as kafkajs hands it over. */
export interface FetchedRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** Steers the fetching of one partition, on whichever consumer is the present one. */
export interface FetchControl {
  readFrom(offset: number): void;
  pause(): void;
  resume(): void;
}

export interface FeedParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly control: FetchControl;
  range(): Promise<OffsetRange>;
}

/**
 * One owned partition between kafkajs and the subscriber: keeps our own position, takes only what was fetched from
 * there, and delivers in a loop of its own, so that a slow or refusing subscriber holds up neither other partitions
 * nor the heartbeats to the group.
 */
export class PartitionFeed {
  readonly #ending = new AbortController();
  readonly #wakeup = new Wakeup();
  readonly #done: Promise<void>;
  #waiting: FetchedRecord[][] = [];
  #taken = 0;
  #waitingBytes = 0;
  #full = false;
  #expected: number | null = null;
  #progressAt: number;

  /** `after` is the end of an earlier feed of the same partition, which may still have a batch in hand. */
  constructor(
    private readonly subscription: Subscription,
    private readonly partition: number,
    private readonly parts: FeedParts,
    after: Promise<void> = Promise.resolve(),
  ) {
    this.#progressAt = parts.clock.monotonic();
    this.#done = this.#run(after);
  }

  /** Tells a consumer that was just given this partition where to read. */
  reposition(): void {
    const { control } = this.parts;
    if (this.#expected !== null) control.readFrom(this.#expected);
    if (this.#expected === null || this.#full) control.pause();
    this.#progressAt = this.parts.clock.monotonic();
  }

  /** Takes over what was fetched from `fetchedFrom`; what lies below our position is left out. */
  offer(fetchedFrom: number, records: readonly FetchedRecord[]): void {
    const expected = this.#expected;
    if (expected === null || this.#ending.signal.aborted) return;
    if (fetchedFrom > expected) {
      // A fetch from before a rebalance, or Kafka jumped over what retention had removed: never skip on its word.
      this.#expected = null;
      this.parts.control.pause();
      void this.#settleAt(expected);
      return;
    }
    const fresh = records.filter((record) => Number(record.offset) >= expected);
    const last = fresh.at(-1);
    this.#progressAt = this.parts.clock.monotonic();
    if (last === undefined) return;
    this.#expected = Number(last.offset) + 1;
    this.#waiting.push(fresh);
    for (const record of fresh) this.#waitingBytes += sizeOf(record);
    if (this.#waitingBytes >= FULL_BYTES) {
      this.#full = true;
      this.parts.control.pause();
    }
    this.#wakeup.call();
  }

  /** Since when records have been there for the taking without one being fetched; null when there is no such wait. */
  hungrySince(end: number): number | null {
    const hungry = this.#expected !== null && !this.#full && this.#expected < end;
    if (!hungry) this.#progressAt = this.parts.clock.monotonic();
    return hungry ? this.#progressAt : null;
  }

  /** Resolves when no batch is being delivered any more. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#done;
  }

  async #run(after: Promise<void>): Promise<void> {
    const { clock, logger } = this.parts;
    const { signal } = this.#ending;
    await after;
    const start = await startUntilAnswered(this.subscription, this.partition, { clock, logger, signal });
    if (start !== null) await this.#settleAt(start);
    while (!signal.aborted) {
      const batch = this.#nextBatch();
      if (batch === null) await this.#wakeup.wait(clock, LONGEST_WAIT_MS, signal);
      else await deliverUntilTaken(this.subscription, batch, { clock, logger, signal });
    }
  }

  /** Begins to read at `offset`, or at the first one that is still there. */
  async #settleAt(offset: number): Promise<void> {
    const { clock, logger, control } = this.parts;
    const { signal } = this.#ending;
    const fields = { topic: this.subscription.topic, partition: this.partition, from: offset };
    const retry = { clock, logger, signal };
    const range = await tryUntilDone(retry, fields, 'Kafka does not say where a partition begins.', () =>
      answerUnless(signal, this.parts.range()),
    );
    if (range === null || signal.aborted) return;
    if (offset > 0 && offset < range.low) {
      logger.error({ ...fields, ...range }, 'Records were removed from the log before they were read.');
    }
    if (offset > range.high) {
      logger.error(
        { ...fields, ...range },
        'The log ends before the offset to read from; waiting until it is reached.',
      );
    }
    this.#expected = Math.max(offset, range.low);
    control.readFrom(this.#expected);
    if (this.#full) control.pause();
    this.#progressAt = clock.monotonic();
  }

  #nextBatch(): LogBatch | null {
    const records: LogRecord[] = [];
    let bytes = 0;
    let group = this.#waiting[0];
    while (group !== undefined && records.length < BATCH_RECORDS && bytes < BATCH_BYTES) {
      const record = group[this.#taken];
      if (record === undefined) {
        this.#waiting.shift();
        this.#taken = 0;
        group = this.#waiting[0];
        continue;
      }
      this.#taken += 1;
      bytes += sizeOf(record);
      records.push(decoded(record));
    }
    this.#makeRoom(bytes);
    const last = records.at(-1);
    if (last === undefined) return null;
    const { topic } = this.subscription;
    return { topic, partition: this.partition, records, nextOffset: last.offset + 1 };
  }

  #makeRoom(bytes: number): void {
    this.#waitingBytes -= bytes;
    if (!this.#full || this.#waitingBytes > LOW_BYTES) return;
    this.#full = false;
    this.#progressAt = this.parts.clock.monotonic();
    if (this.#expected !== null) this.parts.control.resume();
  }
}

function sizeOf({ key, value }: FetchedRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0);
}

function decoded({ offset, key, value }: FetchedRecord): LogRecord {
  return { offset: Number(offset), key: key?.toString() ?? '', value: value?.toString() ?? null };
}
