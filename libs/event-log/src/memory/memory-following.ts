import { Wakeup, type Clock, type Logger } from '#platform';
import type { Following, LogRecord, Subscription } from '../event-log.ts';
import { deliverUntilTaken, startUntilAnswered } from '../retrying-delivery.ts';
import type { MemoryStore } from './memory-store.ts';

const BATCH_RECORDS = 1_000;

/** A wait that only a record, a new member or the end interrupts: nothing else changes in memory. */
const FOREVER_MS = 2_147_483_647;

/** One member: a reading loop per partition, and a share of the group's partitions that is looked at anew on change. */
export class MemoryFollowing implements Following {
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

  /** Vanishes from the group without waiting for anything that is being delivered. */
  crash(): void {
    this.#ending.abort();
    for (const { abort } of this.#loops.values()) abort.abort();
    this.#loops.clear();
    this.store.unclaimAll(this);
    this.#leave();
  }

  /** Gives up what is another member's now, then takes what is ours and free. */
  #rebalance(): void {
    const { topic, group } = this.subscription;
    this.#settling = this.#settling.then(async () => {
      if (this.#ending.signal.aborted) return;
      const share = this.store.shareOf(topic, group, this);
      for (const partition of this.owned()) if (!share.includes(partition)) await this.#release(partition);
      for (const partition of share) {
        if (this.#loops.has(partition) || !this.store.claim(topic, group, partition, this)) continue;
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
    let position = await startUntilAnswered(this.subscription, partition, { ...this.parts, signal });
    while (position !== null && !signal.aborted) {
      const records = recordsFrom(this.store.partition(topic, partition).records, position);
      const last = records.at(-1);
      if (last === undefined) {
        await wakeup.wait(this.parts.clock, FOREVER_MS, signal);
        continue;
      }
      const batch = { topic, partition, records, nextOffset: last.offset + 1 };
      if (await deliverUntilTaken(this.subscription, batch, { ...this.parts, signal })) {
        position = batch.nextOffset;
      }
    }
    forget();
  }
}

function recordsFrom(records: readonly LogRecord[], position: number): LogRecord[] {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.offset ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return records.slice(low, low + BATCH_RECORDS);
}
