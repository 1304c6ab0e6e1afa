import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock, silentLogger } from '#platform';
import pg from 'pg';
import { Happenings } from '../contract/happenings.contract.ts';
import { Line } from '../contract/line.contract.ts';
import { Reader } from '../contract/reader.contract.ts';
import { numbered, type LogHarness } from '../contract/stage.contract.ts';
import { describeEventLog } from '../event-log.contract.ts';
import type { EventLog, TopicSpec } from '../event-log.ts';
import { PostgresEventLog } from './postgres-event-log.ts';
import { APPEND } from './statements.ts';
import { createLogDatabase, type LogDatabase } from './log-database.contract.ts';

const clock = new SystemClock();
const logger = silentLogger;

describeEventLog('PostgreSQL', async (): Promise<LogHarness> => {
  const database = await createLogDatabase();
  const lines = new Map<EventLog, Line>();
  const pools: pg.Pool[] = [];
  return {
    create: (topics) => {
      const line = new Line();
      const options = { connectionString: database.url, max: 4, idleTimeoutMillis: 200 };
      const pool = new pg.Pool({ ...options, stream: () => line.socket() });
      pool.on('error', () => undefined);
      const log = new PostgresEventLog({ topics, pool, clock, logger });
      lines.set(log, line);
      pools.push(pool);
      return log;
    },
    sever: (log) => lines.get(log)?.cut(),
    stop: async () => {
      await Promise.all(pools.map(async (pool) => await pool.end()));
      await database.drop();
    },
  };
});

describe('the log in PostgreSQL', () => {
  const topic: TopicSpec = { name: 'beats', partitions: 1, policy: { kind: 'time', retentionMs: null } };
  const compacted: TopicSpec = { name: 'snapshots', partitions: 1, policy: { kind: 'compacted' } };
  let database: LogDatabase | null = null;
  let log: PostgresEventLog | null = null;
  const running = (): { database: LogDatabase; log: PostgresEventLog } => {
    if (database === null || log === null) throw new Error('The database did not start.');
    return { database, log };
  };
  const count = async (table: string): Promise<number> => {
    const { rows } = await running().database.pool.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${table}`,
    );
    return Number(rows[0]?.rows);
  };
  beforeAll(async () => {
    database = await createLogDatabase();
    log = new PostgresEventLog({ topics: [topic, compacted], url: database.url, poolSize: 4, clock, logger });
    await log.open();
  });
  afterAll(async () => {
    await log?.close();
    await database?.drop();
  });

  it('does not grow while only watermarks of one producer are appended', async () => {
    const before = await count('log_record');
    for (let at = 0; at < 40; at += 1) {
      const watermark = { key: 'ingest', value: `{"at":${at}}`, supersedes: 'watermark/ingest' };
      await running().log.append(topic.name, 0, [watermark]);
    }
    expect((await count('log_record')) - before).toBe(1);
  });

  it('finds the record that a batch supersedes without reading the partition', async () => {
    const { rows } = await running().database.pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (GENERIC_PLAN) ${APPEND}`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Delete on log_record[\s\S]*Index Cond: .*"offset" = /);
  });

  it('keeps one row for each key of a compacted topic', async () => {
    for (let round = 0; round < 10; round += 1) {
      const records = ['a', 'b', 'a'].map((key) => ({ key, value: String(round) }));
      await running().log.append(compacted.name, 0, records);
    }
    expect(await count('log_compacted')).toBe(2);
  });

  it('goes on reading after the server ended every connection', async () => {
    const {
      database: { pool },
      log: own,
    } = running();
    const happenings = new Happenings();
    const [alone, member] = [new Reader(happenings), new Reader(happenings)];
    await own.follow(alone.subscription(topic.name));
    await own.follow(member.subscription(topic.name, 'projection'));
    const newest = (value: string): boolean =>
      [alone, member].every((reader) => reader.values(0).at(-1) === value);
    await own.append(topic.name, 0, numbered('before', 1));
    await happenings.until(() => newest('"before-0"'));
    await pool.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    // Meanwhile an append may reject, because nobody knows whether it was durable; its caller appends again.
    await appendUntilDurable(own, topic.name);
    await happenings.until(() => newest('"after-0"'));
    expect([...alone.complaints, ...member.complaints]).toEqual([]);
  });
});

/** What a producer does: a rejected batch is appended again, once for each connection that was lost unnoticed. */
async function appendUntilDurable(log: EventLog, topic: string): Promise<void> {
  try {
    await log.append(topic, 0, numbered('after', 1));
  } catch {
    await appendUntilDurable(log, topic);
  }
}
