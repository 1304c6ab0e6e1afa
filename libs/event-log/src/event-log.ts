/**
 * The log port: what the product needs of Kafka, and nothing more. Three adapters fulfil it (memory, PostgreSQL,
 * Kafka) and one contract suite holds all three to this page. Values are opaque text here; their meaning is in
 * `#domain` and their wire form in `codec/`.
 */

/** One topic as every adapter must provide it; `partitions` is fixed for the life of an installation. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /**
   * `time` keeps records for `retentionMs` (null: for ever); `compacted` keeps at least the newest record of each
   * key, and a null value (tombstone) says that the key is gone.
   */
  readonly policy:
    { readonly kind: 'time'; readonly retentionMs: number | null } | { readonly kind: 'compacted' };
}

export interface NewRecord {
  readonly key: string;
  /** One line of JSON; null only on compacted topics. */
  readonly value: string | null;
  /**
   * Says that this record makes an earlier one with the same text here worthless when that one is still the
   * partition's last record (a watermark after a watermark of the same producer). An adapter may use it to keep
   * an idle log small, or ignore it.
   */
  readonly supersedes?: string;
}

/**
 * The most bytes (keys and values in UTF-8) of one batch. Kafka takes a batch as one message set, hosted services
 * allow 8 MiB for that, and the difference is for its own framing.
 */
export const LARGEST_APPEND_BYTES = 7_500_000;

export interface LogRecord {
  readonly offset: number;
  readonly key: string;
  readonly value: string | null;
}

/** Records of one partition in the order of their offsets. Offsets rise; they need not be dense. */
export interface LogBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** Where reading goes on after this batch. */
  readonly nextOffset: number;
}

export interface Subscription {
  readonly topic: string;
  /**
   * Members of one group share the topic's partitions, each owned by one member at a time. Null: this reader gets
   * every partition, whatever others do. A group's name belongs to one topic only.
   */
  readonly group: string | null;
  /** Where to begin, asked each time a partition is won. Offsets are never stored by the port. */
  startAt(partition: number): Promise<number>;
  /**
   * Called with one batch at a time per partition, in order. A rejection is logged and the same batch is offered
   * again after a growing pause; nothing is skipped.
   */
  deliver(batch: LogBatch): Promise<void>;
  /** The partition now belongs to another member, or reading ends. No batch of it is being delivered any more. */
  released?(partition: number): void;
}

export interface Following {
  /** Partitions that this member owns now (all of them without a group). */
  owned(): readonly number[];
  /** Ends reading; resolves when no batch is being delivered and everything owned is released. */
  stop(): Promise<void>;
}

export interface EventLog {
  readonly kind: 'memory' | 'postgres' | 'kafka';
  readonly topics: readonly TopicSpec[];
  /**
   * Connects, creates missing topics and verifies present ones. Waits for a store that is not there yet, up to the
   * adapter's limit. Throws `EventLogError` with a sentence for the operator when a topic has another number of
   * partitions or another policy, or when the store cannot be reached within the limit.
   */
  open(): Promise<void>;
  /**
   * Appends a batch, whole or not at all, at consecutive offsets, and resolves with the first of them once the
   * records are durable. Callers keep one append in flight per partition; two processes may append at once.
   * Rejects when durability is not known; the caller may append again (readers drop duplicates by number).
   * A batch above `LARGEST_APPEND_BYTES` is refused.
   */
  append(topic: string, partition: number, records: readonly NewRecord[]): Promise<number>;
  /** The offset that the next record will get. */
  endOffset(topic: string, partition: number): Promise<number>;
  follow(subscription: Subscription): Promise<Following>;
  close(): Promise<void>;
}

/** A fault of the log that an operator can act on; `message` is a sentence for people. */
export class EventLogError extends Error {
  override readonly name = 'EventLogError';
}
