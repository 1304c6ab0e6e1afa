import type { Clock, Logger } from '#platform';
import pg from 'pg';
import { TopicTable, checkAppend, checkPartition, shapeProblem } from '../append-rules.ts';
import {
  EventLogError,
  type EventLog,
  type Following,
  type NewRecord,
  type Subscription,
  type TopicSpec,
} from '../event-log.ts';
import { HeadWatcher } from './head-watcher.ts';
import { PostgresFollowing } from './postgres-following.ts';
import { Retention } from './retention.ts';
import { APPEND, APPEND_COMPACTED } from './statements.ts';

const OPEN_LIMIT_MS = 30_000;
const PAUSE_BETWEEN_TRIES_MS = 250;
const POOL_SIZE = 10;

/** A pool that somebody else owns, watches and ends, or the address for one of the log's own. */
export type LogDatabase = { readonly pool: pg.Pool } | { readonly url: string; readonly poolSize?: number };

export type PostgresEventLogOptions = LogDatabase & {
  readonly topics: readonly TopicSpec[];
  readonly clock: Clock;
  readonly logger: Logger;
};

/**
 * The log port on PostgreSQL tables, for one box. The tables must be there (`POSTGRES_LOG_SCHEMA` is run with the
 * other migrations); `open` adds missing partitions' heads and refuses an installation of another shape.
 */
export class PostgresEventLog implements EventLog {
  readonly kind = 'postgres';
  readonly topics: readonly TopicSpec[];
  readonly #specs: TopicTable;
  readonly #pool: pg.Pool;
  readonly #heads: HeadWatcher;
  readonly #retention: Retention;
  readonly #followings = new Set<Following>();
  #closing: Promise<void> | null = null;

  constructor(private readonly options: PostgresEventLogOptions) {
    this.topics = options.topics;
    this.#specs = new TopicTable(options.topics);
    this.#pool = 'pool' in options ? options.pool : ownPool(options, options.logger);
    this.#heads = new HeadWatcher(this.#pool, options.clock, options.logger);
    this.#retention = new Retention(this.#pool, options);
  }

  async open(): Promise<void> {
    await this.#waitForServer();
    for (const spec of this.topics) await this.#verify(spec);
    this.#heads.start();
    this.#retention.start();
  }

  async append(topic: string, partition: number, records: readonly NewRecord[]): Promise<number> {
    const spec = this.#specs.get(topic);
    checkAppend(spec, partition, records);
    const { rows } = await this.#pool.query<{ base: string }>(appendQuery(spec, partition, records));
    const base = rows[0]?.base;
    if (base === undefined) throw new EventLogError(`Partition ${partition} of ${topic} was not set up.`);
    this.#heads.note(topic, partition, Number(base) + records.length);
    return Number(base);
  }

  async endOffset(topic: string, partition: number): Promise<number> {
    checkPartition(this.#specs.get(topic), partition);
    const { rows } = await this.#pool.query<{ next_offset: string }>({
      name: 'log-end',
      text: 'SELECT next_offset FROM log_head WHERE topic = $1 AND partition = $2',
      values: [topic, partition],
    });
    const end = Number(rows[0]?.next_offset ?? 0);
    this.#heads.note(topic, partition, end);
    return end;
  }

  async follow(subscription: Subscription): Promise<Following> {
    const { clock, logger } = this.options;
    const spec = this.#specs.get(subscription.topic);
    const compacted = spec.policy.kind === 'compacted';
    const connection = {
      ...this.#pool.options,
      application_name: `holter-${subscription.group ?? 'reader'}`,
    };
    const parts = { pool: this.#pool, heads: this.#heads, clock, logger, compacted, connection };
    const following = new PostgresFollowing(subscription, parts, spec.partitions);
    this.#followings.add(following);
    return following;
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#followings].map(async (following) => await following.stop()));
    await this.#heads.stop();
    await this.#retention.stop();
    if (!('pool' in this.options)) await this.#pool.end();
  }

  async #waitForServer(): Promise<void> {
    const { clock } = this.options;
    const giveUpAt = clock.now() + OPEN_LIMIT_MS;
    for (;;) {
      try {
        await this.#pool.query('SELECT 1 FROM log_topic LIMIT 1');
        return;
      } catch (error) {
        if (clock.now() >= giveUpAt) {
          const detail = error instanceof Error ? error.message : String(error);
          throw new EventLogError(`The log in PostgreSQL cannot be reached: ${detail}.`);
        }
        await clock.sleep(PAUSE_BETWEEN_TRIES_MS);
      }
    }
  }

  /** Two statements, because one that inserts and reads does not see what another process inserts meanwhile. */
  async #verify(spec: TopicSpec): Promise<void> {
    await this.#pool.query(
      'INSERT INTO log_topic (name, partitions, policy) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [spec.name, spec.partitions, spec.policy.kind],
    );
    const { rows } = await this.#pool.query<{ partitions: number; policy: string }>(
      'SELECT partitions, policy FROM log_topic WHERE name = $1',
      [spec.name],
    );
    const problem = rows[0] === undefined ? null : shapeProblem(spec, rows[0]);
    if (problem !== null) throw new EventLogError(problem);
    await this.#pool.query(
      'INSERT INTO log_head (topic, partition) SELECT $1, generate_series(0, $2::int - 1) ON CONFLICT DO NOTHING',
      [spec.name, spec.partitions],
    );
  }
}

function ownPool(options: { url: string; poolSize?: number }, logger: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? POOL_SIZE,
    application_name: 'holter-log',
    keepAlive: true,
  });
  // An idle connection that the server ends is replaced by the next query; it must not end the process.
  pool.on('error', (error) => logger.info({ detail: error.message }, 'A connection to the log was ended.'));
  return pool;
}

function appendQuery(spec: TopicSpec, partition: number, records: readonly NewRecord[]): pg.QueryConfig {
  const keys = records.map((record) => record.key).join('\n');
  const values = records.map((record) => record.value ?? '').join('\n');
  const common = [spec.name, partition, records.length, keys, values];
  if (spec.policy.kind === 'compacted') {
    return { name: 'log-append-compacted', text: APPEND_COMPACTED, values: common };
  }
  const supersedes = [records[0]?.supersedes ?? null, records.at(-1)?.supersedes ?? null];
  return { name: 'log-append', text: APPEND, values: [...common, ...supersedes] };
}
