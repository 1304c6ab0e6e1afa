import type { PingReceived } from '#domain';
import { BEATS, type EventLog, type NewRecord } from '#event-log';
import { errorMessage, type Clock, type Logger } from '#platform';

/** A ping before it has its place in the log. */
export type UnstampedPing = Omit<PingReceived, 'v' | 'type' | 'producer' | 'epoch' | 'pseq' | 'receivedAt'>;

/** More waiting pings than this on one partition are refused: the log has been away for too long. */
const WAITING_MAX = 20_000;
/** One append: large enough that a round trip is shared by many, small enough for one packet of the log. */
const PINGS_AT_ONCE = 1_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

interface Waiting {
  readonly receivedAt: number;
  readonly ping: UnstampedPing;
  readonly settle: (durable: boolean) => void;
}

type Item =
  { readonly kind: 'ping'; readonly waiting: Waiting } | { readonly kind: 'join'; readonly epoch: number };

export interface ProducerParts {
  readonly producer: string;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly appended: (seconds: number, pings: number) => void;
}

/**
 * The one writer of this ingest on one partition. Stamps a ping at the moment it is queued, keeps one queue and one
 * append in flight, and ends every append with a watermark: "everything of mine before this instant is here". While
 * the log does not answer, the same append is tried again; the clock of the fold then stands still, so a pause of
 * the log can never look like silent jobs.
 */
export class PartitionProducer {
  readonly #queue: Item[] = [];
  readonly #ending = new AbortController();
  /** No stamp may lie before a watermark that was given. */
  #stampFrom = 0;
  #epoch = 0;
  #pseq = 0;
  #running: Promise<void> | null = null;
  #watermarkAt = 0;
  /** Since when the log has not taken anything; null while it does. */
  failingSinceAt: number | null = null;

  constructor(
    private readonly partition: number,
    private readonly parts: ProducerParts,
  ) {}

  /** Joins the partition with a new epoch, after what is queued already. */
  join(epoch: number): void {
    this.#queue.push({ kind: 'join', epoch });
    this.#run();
  }

  /** Stamps and queues a ping. True once it is durable; false when it was refused or the wait was given up. */
  async take(ping: UnstampedPing): Promise<boolean> {
    if (this.#queue.length >= WAITING_MAX) return false;
    const receivedAt = Math.max(this.parts.clock.now(), this.#stampFrom);
    return await new Promise<boolean>((settle) => {
      this.#queue.push({ kind: 'ping', waiting: { receivedAt, ping, settle } });
      this.#run();
    });
  }

  /** Tells the fold that time has passed although nothing came. */
  tick(): void {
    if (this.#running === null && this.#epoch > 0) this.#running = this.#appendUntilDone([], 'tick');
  }

  /** Writes what is queued, then says goodbye, so that the fold need not wait for us. */
  async leave(): Promise<void> {
    while (this.#running !== null) await this.#running;
    this.#ending.abort();
    if (this.#epoch === 0) return;
    const at = this.#nextWatermark(this.#stampFrom);
    const event = { v: 1, type: 'ingest.left', ...this.#numbers(this.#pseq), at };
    await this.parts.log.append(BEATS, this.partition, [
      { key: this.parts.producer, value: JSON.stringify(event) },
    ]);
  }

  #run(): void {
    if (this.#running !== null || this.#queue.length === 0) return;
    this.#running = this.#drain();
  }

  async #drain(): Promise<void> {
    // One turn of the loop lets requests of the same moment share the append.
    await Promise.resolve();
    const items = this.#queue.splice(0, PINGS_AT_ONCE);
    await this.#appendUntilDone(items, 'pings');
  }

  async #appendUntilDone(items: readonly Item[], why: 'pings' | 'tick'): Promise<void> {
    const records = this.#encode(items);
    let pauseMs = FIRST_PAUSE_MS;
    const { clock, log, logger } = this.parts;
    for (;;) {
      const begunAt = clock.monotonic();
      try {
        await log.append(BEATS, this.partition, records);
        this.failingSinceAt = null;
        const pings = items.filter((item) => item.kind === 'ping');
        if (why === 'pings') this.parts.appended((clock.monotonic() - begunAt) / 1_000, pings.length);
        for (const item of pings) item.waiting.settle(true);
        break;
      } catch (error) {
        this.failingSinceAt ??= clock.now();
        logger.warn(
          { partition: this.partition, detail: errorMessage(error) },
          'The log does not take pings; trying again.',
        );
        await clock.sleep(pauseMs, this.#ending.signal);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
        if (this.#ending.signal.aborted) break;
      }
    }
    this.#running = null;
    this.#run();
  }

  /** Numbers the items and closes them with a watermark. Encoded once: a repeated append is the same bytes. */
  #encode(items: readonly Item[]): NewRecord[] {
    const { producer } = this.parts;
    let newest = 0;
    const records = items.map((item): NewRecord => {
      if (item.kind === 'join') {
        this.#epoch = item.epoch;
        this.#pseq = 0;
        const at = Math.max(this.parts.clock.now(), this.#stampFrom, newest);
        newest = at;
        return {
          key: producer,
          value: JSON.stringify({ v: 1, type: 'ingest.joined', ...this.#numbers(0), at }),
        };
      }
      this.#pseq += 1;
      const { receivedAt, ping } = item.waiting;
      newest = Math.max(newest, receivedAt + 1);
      const event: PingReceived = {
        v: 1,
        type: 'ping.received',
        ...this.#numbers(this.#pseq),
        receivedAt,
        ...ping,
      };
      return { key: ping.checkId, value: JSON.stringify(event) };
    });
    const at = this.#nextWatermark(newest);
    const event = { v: 1, type: 'watermark', ...this.#numbers(this.#pseq), at };
    const supersedes = `watermark ${producer}/${this.#epoch}/${this.#pseq}`;
    return [...records, { key: producer, value: JSON.stringify(event), supersedes }];
  }

  /** The instant before which everything of ours is in the log: now, or what is still queued, whichever is less. */
  #nextWatermark(newest: number): number {
    const queued = this.#queue.find((item) => item.kind === 'ping');
    const limit = queued?.kind === 'ping' ? queued.waiting.receivedAt : Infinity;
    const at = Math.min(limit, Math.max(this.parts.clock.now(), newest));
    this.#watermarkAt = Math.max(this.#watermarkAt, at);
    this.#stampFrom = Math.max(this.#stampFrom, this.#watermarkAt);
    return this.#watermarkAt;
  }

  #numbers(pseq: number): { producer: string; epoch: number; pseq: number } {
    return { producer: this.parts.producer, epoch: this.#epoch, pseq };
  }
}
