import { silentLogger, type Clock, type Logger } from '#platform';
import { TopicTable, checkAppend, checkPartition, shapeProblem } from '../append-rules.ts';
import {
  EventLogError,
  type EventLog,
  type Following,
  type NewRecord,
  type Subscription,
  type TopicSpec,
} from '../event-log.ts';
import { MemoryFollowing } from './memory-following.ts';
import { MemoryStore } from './memory-store.ts';

/** The log port in memory, for tests of everything above it. Several logs on one store act as several processes. */
export class MemoryEventLog implements EventLog {
  readonly kind = 'memory';
  readonly topics: readonly TopicSpec[];
  readonly #specs: TopicTable;
  readonly #store: MemoryStore;
  readonly #parts: { clock: Clock; logger: Logger };
  readonly #followings = new Set<MemoryFollowing>();

  constructor(options: { topics: readonly TopicSpec[]; clock: Clock; store?: MemoryStore; logger?: Logger }) {
    this.topics = options.topics;
    this.#specs = new TopicTable(options.topics);
    this.#store = options.store ?? new MemoryStore();
    this.#parts = { clock: options.clock, logger: options.logger ?? silentLogger };
  }

  async open(): Promise<void> {
    for (const spec of this.topics) {
      const present = this.#store.declare(spec);
      const problem = shapeProblem(spec, { partitions: present.partitions, policy: present.policy.kind });
      if (problem !== null) throw new EventLogError(problem);
    }
  }

  async append(topic: string, partition: number, records: readonly NewRecord[]): Promise<number> {
    checkAppend(this.#specs.get(topic), partition, records);
    return this.#store.append(topic, partition, records);
  }

  async endOffset(topic: string, partition: number): Promise<number> {
    checkPartition(this.#specs.get(topic), partition);
    return this.#store.partition(topic, partition).nextOffset;
  }

  async follow(subscription: Subscription): Promise<Following> {
    this.#specs.get(subscription.topic);
    const following = new MemoryFollowing(this.#store, subscription, this.#parts);
    this.#followings.add(following);
    return following;
  }

  async close(): Promise<void> {
    const followings = [...this.#followings];
    this.#followings.clear();
    await Promise.all(followings.map(async (following) => await following.stop()));
  }

  /** Ends as a killed process does: nothing is waited for, nothing is released, and others may take over at once. */
  crash(): void {
    for (const following of this.#followings) following.crash();
    this.#followings.clear();
  }
}
