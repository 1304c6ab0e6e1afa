import type { Clock, Logger } from '#platform';
import pg from 'pg';
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
import { APPEND, APPEND_COMPACTED } from './statements.ts';

const OPEN_LIMIT_MS = 30_000;
const PAUSE_BETWEEN_TRIES_MS = 250;

export interface PostgresEventLogOptions {
  readonly topics: readonly TopicSpec[];
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly poolSize?: number;
}

/**
 * The log port on PostgreSQL tables, for one box. The tables must be there (`POSTGRES_LOG_SCHEMA` is run with the
 * other migrations); `open` adds missing partitions' heads and refuses an installation of another shape.
 */
export class PostgresEventLog implements EventLog {
  readonly kind = 'postgres';
  readonly topics: readonly TopicSpec[];
  readonly #specs: ReadonlyMap<string, TopicSpec>;
  readonly #pool: pg.Pool;
  readonly #heads: HeadWatcher;
  readonly #followings = new Set<Following>();

  constructor(private readonly options: PostgresEventLogOptions) {
    this.topics = options.topics;
    this.#specs = new Map(options.topics.map((spec) => [spec.name, spec]));
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize ?? 10,
      application_name: 'holter-log',
      keepAlive: true,
    });
    // An idle connection that the server ends is replaced by the next query; it must not end the process.
    this.#pool.on('error', (error) =>
      options.logger.warn({ err: error }, 'A connection to the log was ended.'),
    );
    this.#heads = new HeadWatcher(this.#pool, options.clock, options.logger);
  }

  async open(): Promise<void> {
    await this.#waitForServer();
    for (const spec of this.topics) await this.#verify(spec);
    this.#heads.start();
  }

  async append(topic: string, partition: number, records: readonly NewRecord[]): Promise<number> {
    if (records.length === 0) throw new EventLogError('An empty batch cannot be appended.');
    const compacted = this.#spec(topic).policy.kind === 'compacted';
    const query = compacted
      ? compactedAppend(topic, partition, records)
      : plainAppend(topic, partition, records);
    const { rows } = await this.#pool.query<{ base: string }>(query);
    const base = rows[0]?.base;
    if (base === undefined) throw new EventLogError(`There is no partition ${partition} of topic ${topic}.`);
    this.#heads.note(topic, partition, Number(base) + records.length);
    return Number(base);
  }

  async endOffset(topic: string, partition: number): Promise<number> {
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
    const { clock, logger, url } = this.options;
    const spec = this.#spec(subscription.topic);
    const compacted = spec.policy.kind === 'compacted';
    const connection = {
      connectionString: url,
      application_name: `holter-${subscription.group ?? 'reader'}`,
    };
    const parts = { pool: this.#pool, heads: this.#heads, clock, logger, compacted, connection };
    const following = new PostgresFollowing(subscription, parts, spec.partitions);
    this.#followings.add(following);
    return following;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#followings].map(async (following) => await following.stop()));
    this.#followings.clear();
    await this.#heads.stop();
    await this.#pool.end();
  }

  #spec(topic: string): TopicSpec {
    const spec = this.#specs.get(topic);
    if (spec === undefined) throw new EventLogError(`There is no topic ${topic}.`);
    return spec;
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

  async #verify(spec: TopicSpec): Promise<void> {
    const { rows } = await this.#pool.query<{ partitions: number; policy: string }>(
      `WITH fresh AS (
         INSERT INTO log_topic (name, partitions, policy) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING
         RETURNING partitions, policy)
       SELECT partitions, policy FROM fresh UNION ALL SELECT partitions, policy FROM log_topic WHERE name = $1`,
      [spec.name, spec.partitions, spec.policy.kind],
    );
    const present = rows[0];
    if (
      present !== undefined &&
      (present.partitions !== spec.partitions || present.policy !== spec.policy.kind)
    ) {
      throw new EventLogError(
        `Topic ${spec.name} has ${present.partitions} partitions (${present.policy}), but ${spec.partitions} (${spec.policy.kind}) are configured; the number is fixed for an installation.`,
      );
    }
    await this.#pool.query(
      `INSERT INTO log_head (topic, partition) SELECT $1, generate_series(0, $2::int - 1) ON CONFLICT DO NOTHING`,
      [spec.name, spec.partitions],
    );
  }
}

function plainAppend(topic: string, partition: number, records: readonly NewRecord[]): pg.QueryConfig {
  for (const { key, value } of records) {
    if (value === null) throw new EventLogError(`Topic ${topic} is not compacted: it takes no tombstones.`);
    if (value.includes('\n') || key.includes('\n')) throw new EventLogError('A record must be one line.');
  }
  const keys = records.map((record) => record.key).join('\n');
  const values = records.map((record) => record.value).join('\n');
  const first = records[0]?.supersedes ?? null;
  const last = records.at(-1)?.supersedes ?? null;
  return {
    name: 'log-append',
    text: APPEND,
    values: [topic, partition, records.length, keys, values, first, last],
  };
}

function compactedAppend(topic: string, partition: number, records: readonly NewRecord[]): pg.QueryConfig {
  const list = JSON.stringify(records.map(({ key, value }) => ({ key, value })));
  return {
    name: 'log-append-compacted',
    text: APPEND_COMPACTED,
    values: [topic, partition, records.length, list],
  };
}
