import type pg from 'pg';
import type { Following, Subscription } from '../event-log.ts';
import { GroupOwnership } from './group-ownership.ts';
import { readPartition, type ReaderParts } from './partition-reader.ts';

/** One member's reading: a loop per owned partition, started and ended as ownership comes and goes. */
export class PostgresFollowing implements Following {
  readonly #loops = new Map<number, { abort: AbortController; done: Promise<void> }>();
  readonly #ownership: GroupOwnership | null;

  constructor(
    private readonly subscription: Subscription,
    private readonly parts: ReaderParts & { readonly connection: pg.ClientConfig },
    partitions: number,
  ) {
    const { group } = subscription;
    if (group === null) {
      this.#ownership = null;
      for (let partition = 0; partition < partitions; partition += 1) this.#begin(partition);
      return;
    }
    const events = {
      won: (partition: number) => this.#begin(partition),
      lost: async (partition: number) => await this.#end(partition),
    };
    const { clock, logger, connection } = parts;
    this.#ownership = new GroupOwnership({ group, partitions, connection, clock, logger, events });
    this.#ownership.start();
  }

  owned(): readonly number[] {
    return this.#ownership?.owned() ?? [...this.#loops.keys()];
  }

  async stop(): Promise<void> {
    for (const { abort } of this.#loops.values()) abort.abort();
    await this.#ownership?.stop();
    await Promise.all([...this.#loops.keys()].map(async (partition) => await this.#end(partition)));
  }

  #begin(partition: number): void {
    const abort = new AbortController();
    const done = readPartition(this.subscription, partition, this.parts, abort.signal);
    this.#loops.set(partition, { abort, done });
  }

  async #end(partition: number): Promise<void> {
    const loop = this.#loops.get(partition);
    if (loop === undefined) return;
    loop.abort.abort();
    await loop.done;
    if (this.#loops.delete(partition)) this.subscription.released?.(partition);
  }
}
