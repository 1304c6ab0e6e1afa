import { silentLogger, type Clock, type Logger } from '#platform';
import {
  EventLogError,
  type EventLog,
  type Following,
  type LogRecord,
  type NewRecord,
  type Subscription,
  type TopicSpec,
} from '../event-log.ts';
import { deliverUntilTaken } from '../retrying-delivery.ts';
import { Wakeup } from '../wakeup.ts';
import { MemoryStore } from './memory-store.ts';

const BATCH_RECORDS = 1_000;

/** A wait that only a record, a new member or the end interrupts: nothing else changes in memory. */
const FOREVER_MS = 2_147_483_647;

/** The log port in memory, for tests of everything above it. Several logs on one store act as several processes. */
export class MemoryEventLog implements EventLog {
  readonly kind = 'memory';
  readonly topics: readonly TopicSpec[];
  readonly #store: MemoryStore;
  readonly #parts: { clock: Clock; logger: Logger };
  readonly #followings = new Set<Following>();

  constructor(options: { topics: readonly TopicSpec[]; clock: Clock; store?: MemoryStore; logger?: Logger }) {
    this.topics = options.topics;
    this.#store = options.store ?? new MemoryStore();
    this.#parts = { clock: options.clock, logger: options.logger ?? silentLogger };
  }

  async open(): Promise<void> {
    for (const spec of this.topics) {
      const present = this.#store.declare(spec);
      if (present.partitions !== spec.partitions || present.policy.kind !== spec.policy.kind) {
        throw new EventLogError(
          `Topic ${spec.name} has ${present.partitions} partitions (${present.policy.kind}), but ${spec.partitions} (${spec.policy.kind}) are configured.`,
        );
      }
    }
  }

  async append(topic: string, partition: number, records: readonly NewRecord[]): Promise<number> {
    return this.#store.append(topic, partition, records);
  }

  async endOffset(topic: string, partition: number): Promise<number> {
    return this.#store.partition(topic, partition).nextOffset;
  }

  async follow(subscription: Subscription): Promise<Following> {
    const member = new MemoryFollowing(this.#store, subscription, this.#parts);
    this.#followings.add(member);
    return {
      owned: () => member.owned(),
      stop: async () => {
        this.#followings.delete(member);
        await member.stop();
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#followings].map((following) => following.stop()));
    this.#followings.clear();
  }
}

/** One member: a reading loop per partition, and a share of the group's partitions that is looked at anew on change. */
class MemoryFollowing implements Following {
  readonly #ending = new AbortController();
  readonly #loops = new Map<number, { abort: AbortController; done: Promise<void> }>();
  readonly #leave: () => void;
  #settling: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: MemoryStore,
    private readonly subscription: Subscription,
    private readonly parts: { clock: Clock; logger: Logger },
  ) {
    this.#leave = store.join(subscription.topic, subscription.group, this, () => this.#rebalance());
  }

  owned(): readonly number[] {
    return [...this.#loops.keys()].sort((left, right) => left - right);
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#settling;
    await Promise.all([...this.#loops.keys()].map(async (partition) => await this.#release(partition)));
    this.#leave();
  }

  /** Gives up what is another member's now, then waits until what is ours is free. */
  #rebalance(): void {
    this.#settling = this.#settling.then(async () => {
      if (this.#ending.signal.aborted) return;
      const share = this.store.shareOf(this.subscription.topic, this.subscription.group, this);
      for (const partition of this.owned()) if (!share.includes(partition)) await this.#release(partition);
      for (const partition of share) {
        if (this.#loops.has(partition)) continue;
        if (!this.store.claim(this.subscription.topic, this.subscription.group, partition, this)) continue;
        const abort = new AbortController();
        this.#loops.set(partition, { abort, done: this.#read(partition, abort.signal) });
      }
    });
  }

  async #release(partition: number): Promise<void> {
    const loop = this.#loops.get(partition);
    if (loop === undefined) return;
    loop.abort.abort();
    await loop.done;
    this.#loops.delete(partition);
    this.subscription.released?.(partition);
    this.store.unclaim(this.subscription.topic, this.subscription.group, partition, this);
  }

  async #read(partition: number, signal: AbortSignal): Promise<void> {
    const { topic } = this.subscription;
    const wakeup = new Wakeup();
    const forget = this.store.onAppend(topic, partition, () => wakeup.call());
    let position = await this.subscription.startAt(partition);
    while (!signal.aborted) {
      const { records, nextOffset } = this.store.partition(topic, partition);
      const batch = batchFrom(records, position);
      if (batch.length === 0) {
        await wakeup.wait(this.parts.clock, FOREVER_MS, signal);
        continue;
      }
      const last = batch.at(-1)?.offset ?? nextOffset - 1;
      const taken = { topic, partition, records: batch, nextOffset: last + 1 };
      if (await deliverUntilTaken(this.subscription, taken, { ...this.parts, signal })) position = last + 1;
    }
    forget();
  }
}

function batchFrom(records: readonly LogRecord[], position: number): LogRecord[] {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.offset ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return records.slice(low, low + BATCH_RECORDS);
}
