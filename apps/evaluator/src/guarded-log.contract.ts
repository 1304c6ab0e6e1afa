import type { EventLog, Following, NewRecord, Subscription } from '#event-log';

/** A log in front of another one that is away whenever a test says so, and notes the size of every append. */
export class GuardedLog implements EventLog {
  readonly kind = 'memory';
  readonly appends: number[] = [];

  constructor(
    private readonly inner: EventLog,
    private readonly isAway: () => boolean,
  ) {}

  get topics(): EventLog['topics'] {
    return this.inner.topics;
  }

  async open(): Promise<void> {
    await this.inner.open();
  }

  async append(topic: string, partition: number, records: readonly NewRecord[]): Promise<number> {
    this.#guard();
    this.appends.push(records.length);
    return await this.inner.append(topic, partition, records);
  }

  async endOffset(topic: string, partition: number): Promise<number> {
    this.#guard();
    return await this.inner.endOffset(topic, partition);
  }

  async follow(subscription: Subscription): Promise<Following> {
    return await this.inner.follow(subscription);
  }

  async close(): Promise<void> {
    await this.inner.close();
  }

  #guard(): void {
    if (this.isAway()) throw new Error('The log is away.');
  }
}
