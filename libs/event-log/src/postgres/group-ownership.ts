import { createHash } from 'node:crypto';
import { Wakeup, type Clock, type Logger } from '#platform';
import pg from 'pg';

/** How soon a partition that became free, or a member that came, is noticed. */
const LOOK_EVERY_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/** An answer takes a millisecond; a session that is silent for so long counts as lost. */
const QUERY_LIMIT_MS = 5_000;
const FAREWELL_LIMIT_MS = 2_000;

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

export interface OwnershipOptions {
  readonly group: string;
  readonly partitions: number;
  readonly connection: pg.ClientConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: OwnershipEvents;
}

/** One member of a group: takes free partitions up to its fair share, and gives back what is over it. */
export class GroupOwnership {
  readonly #key: number;
  readonly #owned = new Set<number>();
  readonly #ending = new AbortController();
  readonly #wakeup = new Wakeup();
  #client: pg.Client | null = null;
  #looking: Promise<void> | null = null;

  constructor(private readonly options: OwnershipOptions) {
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
    await this.#disconnect();
  }

  async #run(): Promise<void> {
    const { clock, logger, group } = this.options;
    let pauseMs = LOOK_EVERY_MS;
    while (!this.#ending.signal.aborted) {
      try {
        this.#client ??= await this.#connect();
        await this.#look(this.#client);
        pauseMs = LOOK_EVERY_MS;
      } catch (error) {
        const message = 'Ownership of partitions was lost with the connection; taking it anew.';
        logger.warn({ err: error, group, pauseMs }, message);
        await this.#loseAll();
        await this.#disconnect();
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
      await this.#wakeup.wait(clock, pauseMs, this.#ending.signal);
    }
  }

  async #connect(): Promise<pg.Client> {
    const limits = { connectionTimeoutMillis: QUERY_LIMIT_MS, query_timeout: QUERY_LIMIT_MS };
    const client = new pg.Client({ ...this.options.connection, ...limits, keepAlive: true });
    // With the session the locks are gone and others may take them: no time to lose until the next look. (Without
    // a listener a server that goes away would end the whole process.)
    client.on('error', () => this.#wakeup.call());
    await client.connect();
    for (let slot = 0; slot < MEMBER_SLOTS; slot += 1) {
      if (await this.#tryLock(client, SLOT_BASE + slot)) break;
    }
    return client;
  }

  async #disconnect(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    if (client === null) return;
    const answered = new AbortController();
    void client.end().then(
      () => answered.abort(),
      () => answered.abort(),
    );
    // Over a dead line a farewell is never answered.
    await this.options.clock.sleep(FAREWELL_LIMIT_MS, answered.signal);
  }

  /** Gives back what is over the fair share, takes free partitions up to it. */
  async #look(client: pg.Client): Promise<void> {
    const { partitions, events } = this.options;
    const held = await this.#heldByAnyone(client);
    const members = Math.max(1, held.filter((id) => id >= SLOT_BASE).length);
    const fair = Math.ceil(partitions / members);
    for (const partition of this.owned().slice(fair)) await this.#giveBack(client, partition);
    for (let partition = 0; partition < partitions && this.#owned.size < fair; partition += 1) {
      if (held.includes(partition) || this.#ending.signal.aborted) continue;
      if (!(await this.#tryLock(client, partition))) continue;
      this.#owned.add(partition);
      events.won(partition);
    }
  }

  async #heldByAnyone(client: pg.Client): Promise<number[]> {
    const { rows } = await client.query<{ objid: string }>(
      `SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND classid = $1::bigint::oid`,
      [this.#key >>> 0],
    );
    return rows.map((row) => Number(row.objid));
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
