import type { PingReceived } from '#domain';
import { BEATS, type EventLog, type NewRecord } from '#event-log';
import { errorMessage, type Clock, type Logger } from '#platform';

/** A ping before it has its place in the log. */
export type UnstampedPing = Omit<PingReceived, 'v' | 'type' | 'producer' | 'epoch' | 'pseq' | 'receivedAt'>;

/** More waiting pings than this on one partition are refused: the log has been away for too long. */
const WAITING_MAX = 20_000;
/** The same for their bodies, which may be large: four partitions must not fill a small box. */
const WAITING_BYTES_MAX = 64_000_000;
/** One append: large enough that a round trip is shared by many, small enough for one packet of the log. */
const PINGS_AT_ONCE = 1_000;
/** Well below what the log takes at once, so that the largest body still fits on top. */
const APPEND_BYTES_MAX = 1_000_000;
/** A waiting ping without its body, about. */
const PING_BYTES = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/**
 * How far stamps may run ahead of the clock. Every append ends one millisecond after its last ping, so appends that
 * take less than that push the stamps ahead; without an end to it a fast disk would call jobs late that are not.
 */
const LEAD_MAX_MS = 250;

/** A log that does not even answer is waited for so long when we leave; the process has 9 s for all of its end. */
const LEAVE_LIMIT_MS = 5_000;

interface WaitingPing {
  readonly kind: 'ping';
  readonly receivedAt: number;
  readonly ping: UnstampedPing;
  readonly bytes: number;
  readonly settle: (durable: boolean) => void;
}

interface WaitingJoin {
  readonly kind: 'join';
  readonly epoch: number;
  readonly at: number;
  /** Until when the epoch before it listened; from there to `at` nobody may say that we did. */
  readonly listenedUntilAt: number;
}

interface Append {
  readonly records: readonly NewRecord[];
  readonly pings: readonly WaitingPing[];
  readonly joins: boolean;
}

export interface ProducerParts {
  readonly producer: string;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly appended: (seconds: number, pings: number) => void;
  /** Called before every watermark: whoever stood still must join anew before it says how late it is. */
  readonly noticeStall: () => void;
  /** After so long without an append the others may have judged us dead. */
  readonly silenceMs: number;
  /** Joins the partition anew: the log must show from when until when we did not listen, or were not heard. */
  readonly rejoin: (partition: PartitionProducer, listenedUntilAt: number) => void;
}

/**
 * The one writer of this ingest on one partition. Stamps a ping at the moment it is queued, keeps one queue and one
 * append in flight, and ends every append with a watermark: "everything of mine before this instant is here". While
 * the log does not answer, the same append is tried again; the clock of the fold then stands still, so a pause of
 * the log can never look like silent jobs.
 */
export class PartitionProducer {
  readonly #queue: (WaitingPing | WaitingJoin)[] = [];
  readonly #ending = new AbortController();
  #waitingBytes = 0;
  /** No stamp may lie before a watermark that was given. */
  #watermarkAt = 0;
  #epoch = 0;
  #pseq = 0;
  #running: Promise<void> | null = null;
  #takenAt: number | null = null;
  /** Since when pings are refused because too many wait: then nobody may say that we listen. */
  #refusingSinceAt: number | null = null;
  #begunAt: number | null = null;

  constructor(
    private readonly partition: number,
    private readonly parts: ProducerParts,
  ) {}

  /** Since when the append that is in flight has been tried; null while none is. */
  get tryingSinceAt(): number | null {
    return this.#begunAt;
  }

  /** Joins the partition with a new epoch, after what is queued already and before every later ping. */
  join(epoch: number, listenedUntilAt: number): void {
    this.#queue.push({ kind: 'join', epoch, at: this.#stamp(), listenedUntilAt });
    this.#run();
  }

  /** Stamps and queues a ping. True once it is durable; false when it was refused or the wait was given up. */
  async take(ping: UnstampedPing): Promise<boolean> {
    if (this.#ending.signal.aborted) return false;
    if (this.#isFull()) {
      this.#refusingSinceAt ??= this.#stamp();
      return false;
    }
    this.#endRefusing();
    const receivedAt = this.#stamp();
    const bytes = PING_BYTES + lengthOf(ping.body);
    this.#waitingBytes += bytes;
    return await new Promise<boolean>((settle) => {
      this.#queue.push({ kind: 'ping', receivedAt, ping, bytes, settle });
      this.#run();
    });
  }

  /** Tells the fold that time has passed although nothing came. */
  tick(): void {
    if (this.#running === null && this.#epoch > 0) this.#running = this.#appendUntilDone();
  }

  /** Writes what is queued, then says goodbye, so that the fold need not wait for us. Gives up on a dead log. */
  async leave(): Promise<void> {
    const { clock, log, logger } = this.parts;
    const cancel = clock.after(LEAVE_LIMIT_MS, () => this.#ending.abort());
    const givenUp = new Promise<void>((resolve) => {
      this.#ending.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    while (this.#running !== null && !this.#ending.signal.aborted)
      await Promise.race([this.#running, givenUp]);
    const owed = this.#queue.splice(0);
    for (const item of owed) if (item.kind === 'ping') item.settle(false);
    if (this.#epoch > 0 && !this.#ending.signal.aborted) {
      const event = { v: 1, type: 'ingest.left', ...this.#numbers(), at: this.#nextWatermark(0) };
      const record = { key: this.parts.producer, value: JSON.stringify(event) };
      const said = log.append(BEATS, this.partition, [record]).then(
        () => undefined,
        (error: unknown) => logger.warn({ partition: this.partition, detail: errorMessage(error) }, UNSAID),
      );
      await Promise.race([said, givenUp]);
    }
    cancel();
    this.#ending.abort();
  }

  /** Once full, full until half of it is gone: else we would join anew with every append. */
  #isFull(): boolean {
    const share = this.#refusingSinceAt === null ? 1 : 0.5;
    return this.#queue.length >= WAITING_MAX * share || this.#waitingBytes >= WAITING_BYTES_MAX * share;
  }

  #endRefusing(): void {
    if (this.#refusingSinceAt === null || this.#isFull()) return;
    const listenedUntilAt = this.#refusingSinceAt;
    this.#refusingSinceAt = null;
    this.parts.rejoin(this, listenedUntilAt);
  }

  #stamp(): number {
    return Math.max(this.parts.clock.now(), this.#watermarkAt);
  }

  #run(): void {
    if (this.#running !== null || this.#queue.length === 0 || this.#ending.signal.aborted) return;
    this.#running = this.#appendUntilDone();
  }

  async #appendUntilDone(): Promise<void> {
    // One turn of the microtasks lets what is taken in the same moment share the append.
    await Promise.resolve();
    const { clock, log, logger } = this.parts;
    const { records, pings, joins } = this.#nextAppend();
    this.#begunAt = clock.now();
    let durable = false;
    for (let pauseMs = FIRST_PAUSE_MS; !durable && !this.#ending.signal.aborted;) {
      const begunAt = clock.monotonic();
      try {
        await log.append(BEATS, this.partition, records);
        durable = true;
        if (pings.length > 0) this.parts.appended((clock.monotonic() - begunAt) / 1_000, pings.length);
      } catch (error) {
        const detail = errorMessage(error);
        logger.warn({ partition: this.partition, detail }, 'The log does not take pings; trying again.');
        await clock.sleep(pauseMs, this.#ending.signal);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
    this.#settle(pings, durable);
    if (durable) this.#noteTaken(joins);
    this.#begunAt = null;
    this.#running = null;
    this.#run();
  }

  #settle(pings: readonly WaitingPing[], durable: boolean): void {
    for (const { bytes, settle } of pings) {
      this.#waitingBytes -= bytes;
      settle(durable);
    }
  }

  /**
   * Whoever was silent for long may have been expired, and its watermarks then count no more. While pings are refused
   * that waits: the joining that ends the refusing is the one that tells the truth about it.
   */
  #noteTaken(joined: boolean): void {
    const now = this.parts.clock.now();
    const silent = this.#takenAt !== null && now - this.#takenAt >= this.parts.silenceMs;
    this.#takenAt = now;
    if (silent && !joined && this.#refusingSinceAt === null) this.parts.rejoin(this, now);
  }

  /** Numbers what is next and closes it with a watermark. Encoded once: a repeated append is the same bytes. */
  #nextAppend(): Append {
    this.parts.noticeStall();
    this.#endRefusing();
    const records: NewRecord[] = [];
    const pings: WaitingPing[] = [];
    let newest = 0;
    let bytes = 0;
    let taken = 0;
    for (const item of this.#queue) {
      if (item.kind === 'join') {
        records.push(...this.#joinRecords(item));
        newest = Math.max(newest, item.at);
      } else {
        const value = this.#encode(item);
        bytes += Buffer.byteLength(value);
        if (pings.length > 0 && (bytes > APPEND_BYTES_MAX || pings.length === PINGS_AT_ONCE)) break;
        this.#pseq += 1;
        records.push({ key: item.ping.checkId, value });
        pings.push(item);
        newest = Math.max(newest, item.receivedAt + 1);
      }
      taken += 1;
    }
    const joins = taken > pings.length;
    this.#queue.splice(0, taken);
    return { records: [...records, this.#watermark(this.#nextWatermark(newest))], pings, joins };
  }

  #encode({ receivedAt, ping }: WaitingPing): string {
    const numbers = { producer: this.parts.producer, epoch: this.#epoch, pseq: this.#pseq + 1 };
    const event: PingReceived = { v: 1, type: 'ping.received', ...numbers, receivedAt, ...ping };
    return JSON.stringify(event);
  }

  /** How far the older epoch listened, and the beginning of the new one. */
  #joinRecords({ epoch, at, listenedUntilAt }: WaitingJoin): NewRecord[] {
    const before = this.#epoch > 0 ? [this.#watermark(Math.max(this.#watermarkAt, listenedUntilAt))] : [];
    this.#epoch = epoch;
    this.#pseq = 0;
    const event = { v: 1, type: 'ingest.joined', ...this.#numbers(), at };
    return [...before, { key: this.parts.producer, value: JSON.stringify(event) }];
  }

  #watermark(at: number): NewRecord {
    const { producer } = this.parts;
    const event = { v: 1, type: 'watermark', ...this.#numbers(), at };
    const supersedes = `watermark ${producer}/${this.#epoch}/${this.#pseq}`;
    return { key: producer, value: JSON.stringify(event), supersedes };
  }

  /** The instant before which everything of ours is in the log: now, or what is still queued, whichever is less. */
  #nextWatermark(newest: number): number {
    const [queued] = this.#queue;
    const queuedAt = queued?.kind === 'join' ? queued.listenedUntilAt : queued?.receivedAt;
    const limit = Math.min(queuedAt ?? Infinity, this.#refusingSinceAt ?? Infinity);
    const now = this.parts.clock.now();
    const at = Math.min(limit, Math.max(now, Math.min(newest, now + LEAD_MAX_MS)));
    this.#watermarkAt = Math.max(this.#watermarkAt, at);
    return this.#watermarkAt;
  }

  #numbers(): { producer: string; epoch: number; pseq: number } {
    return { producer: this.parts.producer, epoch: this.#epoch, pseq: this.#pseq };
  }
}

const UNSAID = 'The log did not take our goodbye; the others will find out that we are gone.';

function lengthOf(body: UnstampedPing['body']): number {
  if (body === null) return 0;
  return 'text' in body ? body.text.length : body.base64.length;
}
