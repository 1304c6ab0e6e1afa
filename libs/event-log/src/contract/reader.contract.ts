import type { LogBatch, LogRecord, Subscription } from '../event-log.ts';
import type { Happenings } from './happenings.contract.ts';

export interface ReaderHooks {
  readonly startAt?: (partition: number) => number;
  /** Called before a batch counts as taken; a rejection refuses it. */
  readonly onDeliver?: (batch: LogBatch) => Promise<void>;
}

/** A subscriber that keeps what it was given, and finds out when the port breaks its order. */
export class Reader {
  readonly batches: LogBatch[] = [];
  readonly startsAsked: number[] = [];
  readonly released: number[] = [];
  /** Sentences about broken promises; a test expects none. */
  readonly complaints: string[] = [];
  readonly #delivering = new Set<number>();
  readonly #lastOffset = new Map<number, number>();

  constructor(
    private readonly happenings: Happenings,
    private readonly hooks: ReaderHooks = {},
  ) {}

  subscription(topic: string, group: string | null = null): Subscription {
    return {
      topic,
      group,
      startAt: async (partition) => await this.#startAt(partition),
      deliver: async (batch) => await this.#deliver(batch),
      released: (partition) => this.#release(partition),
    };
  }

  records(partition: number): LogRecord[] {
    return this.batches.filter((batch) => batch.partition === partition).flatMap((batch) => batch.records);
  }

  values(partition: number): (string | null)[] {
    return this.records(partition).map((record) => record.value);
  }

  count(): number {
    return this.batches.reduce((sum, batch) => sum + batch.records.length, 0);
  }

  async #startAt(partition: number): Promise<number> {
    this.startsAsked.push(partition);
    this.#lastOffset.delete(partition);
    this.happenings.tell();
    return this.hooks.startAt?.(partition) ?? 0;
  }

  async #deliver(batch: LogBatch): Promise<void> {
    const { partition } = batch;
    if (this.#delivering.has(partition)) this.complaints.push(`two batches of ${partition} at once`);
    this.#delivering.add(partition);
    try {
      await this.hooks.onDeliver?.(batch);
      this.#checkOrder(batch);
      this.batches.push(batch);
    } finally {
      this.#delivering.delete(partition);
    }
    this.happenings.tell();
  }

  #checkOrder({ partition, records, nextOffset }: LogBatch): void {
    let last = this.#lastOffset.get(partition) ?? -1;
    for (const { offset } of records) {
      if (offset <= last) this.complaints.push(`offset ${offset} of ${partition} came after ${last}`);
      last = offset;
    }
    if (nextOffset <= last) this.complaints.push(`reading of ${partition} goes on before its last record`);
    this.#lastOffset.set(partition, last);
  }

  #release(partition: number): void {
    if (this.#delivering.has(partition)) this.complaints.push(`${partition} was released in mid-delivery`);
    this.released.push(partition);
    this.happenings.tell();
  }
}
