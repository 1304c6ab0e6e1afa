import { createHash } from 'node:crypto';
import type { Clock, Logger } from '#platform';
import pg from 'pg';

/** How soon a partition that became free, or a member that came, is noticed. */
const LOOK_EVERY_MS = 500;

/** Members of one group that can be told apart; more than any box will run. */
const MEMBER_SLOTS = 64;

/**
 * Ownership of a group's partitions by PostgreSQL's advisory locks on one session: when the process dies, its
 * session ends and everything is free. The first key of a lock is a hash of the group's name; the second is the
 * partition, or, for membership, the slot number plus `SLOT_BASE`.
 */
const SLOT_BASE = 1_000_000;

export interface OwnershipEvents {
  won(partition: number): void;
  /** Resolves when nothing of this partition is being delivered any more. */
  lost(partition: number): Promise<void>;
}

export class GroupOwnership {
  readonly #key: number;
  readonly #owned = new Set<number>();
  readonly #ending = new AbortController();
  #client: pg.Client | null = null;
  #slot: number | null = null;
  #looking: Promise<void> | null = null;

  constructor(
    private readonly options: {
      readonly group: string;
      readonly partitions: number;
      readonly connection: pg.ClientConfig;
      readonly clock: Clock;
      readonly logger: Logger;
      readonly events: OwnershipEvents;
    },
  ) {
    this.#key = createHash('sha256').update(options.group).digest().readInt32BE(0);
  }

  owned(): readonly number[] {
    return [...this.#owned].sort((left, right) => left - right);
  }

  start(): void {
    this.#looking ??= this.#run();
  }

  /** Gives everything up and ends the session. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#looking;
    await this.#loseAll();
    await this.#client?.end().catch(() => undefined);
    this.#client = null;
  }

  async #run(): Promise<void> {
    const { clock, logger, group } = this.options;
    while (!this.#ending.signal.aborted) {
      try {
        const client = this.#client ?? (await this.#connect());
        await this.#look(client);
      } catch (error) {
        logger.warn(
          { err: error, group },
          'Ownership of partitions was lost with the connection; taking it anew.',
        );
        await this.#loseAll();
        await this.#client?.end().catch(() => undefined);
        this.#client = null;
      }
      await clock.sleep(LOOK_EVERY_MS, this.#ending.signal);
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.options.connection, keepAlive: true });
    // Without a listener a server that goes away would end the whole process.
    client.on('error', () => undefined);
    await client.connect();
    this.#client = client;
    this.#slot = null;
    for (let slot = 0; slot < MEMBER_SLOTS && this.#slot === null; slot += 1) {
      if (await this.#tryLock(client, SLOT_BASE + slot)) this.#slot = slot;
    }
    return client;
  }

  /** Gives back what is over the fair share, takes free partitions up to it. */
  async #look(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ objid: string }>(
      `SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND classid = $1::bigint::oid`,
      [this.#key >>> 0],
    );
    const held = rows.map((row) => Number(row.objid));
    const members = Math.max(1, held.filter((id) => id >= SLOT_BASE).length);
    const fair = Math.ceil(this.options.partitions / members);
    for (const partition of this.owned().slice(fair)) await this.#giveBack(client, partition);
    for (let partition = 0; partition < this.options.partitions && this.#owned.size < fair; partition += 1) {
      if (held.includes(partition) || this.#ending.signal.aborted) continue;
      if (!(await this.#tryLock(client, partition))) continue;
      this.#owned.add(partition);
      this.options.events.won(partition);
    }
  }

  async #giveBack(client: pg.Client, partition: number): Promise<void> {
    this.#owned.delete(partition);
    await this.options.events.lost(partition);
    await client.query('SELECT pg_advisory_unlock($1, $2)', [this.#key, partition]);
  }

  async #loseAll(): Promise<void> {
    const partitions = this.owned();
    this.#owned.clear();
    await Promise.all(partitions.map(async (partition) => await this.options.events.lost(partition)));
  }

  async #tryLock(client: pg.Client, id: number): Promise<boolean> {
    const { rows } = await client.query<{ won: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS won', [
      this.#key,
      id,
    ]);
    return rows[0]?.won === true;
  }
}
