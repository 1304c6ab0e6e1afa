import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '#platform';
import { FakeClock } from '#testing';
import { numbered } from '../contract/stage.contract.ts';
import type { TopicSpec } from '../event-log.ts';
import { createLogDatabase, type LogDatabase } from './log-database.contract.ts';
import { PostgresEventLog } from './postgres-event-log.ts';
import { Retention } from './retention.ts';

const DAY_MS = 86_400_000;
const NOON_AT = 1_763_899_200_000;

describe('retention of the log in PostgreSQL', () => {
  let database: LogDatabase | null = null;
  beforeAll(async () => {
    database = await createLogDatabase();
  });
  afterAll(async () => await database?.drop());

  it('removes records that are older than their topic keeps them, and no others', async () => {
    if (database === null) throw new Error('There is no database.');
    const { pool } = database;
    const keeps = (name: string, retentionMs: number | null): TopicSpec => ({
      name,
      partitions: 2,
      policy: { kind: 'time', retentionMs },
    });
    const topics = [keeps('beats', 30 * DAY_MS), keeps('transitions', null)];
    const clock = new FakeClock(NOON_AT);
    // The log itself is told to keep everything, so that only the sweeps below remove anything.
    const forEver = topics.map((spec) => keeps(spec.name, null));
    const log = new PostgresEventLog({ topics: forEver, pool, clock, logger: silentLogger });
    await log.open();
    const retention = new Retention(pool, { topics, clock, logger: silentLogger });
    const after = async (days: number, name: string): Promise<void> => {
      clock.advanceTo(NOON_AT + days * DAY_MS);
      for (const topic of topics) await log.append(topic.name, 1, numbered(name, 3));
      await retention.sweep();
    };
    const keysOf = async (topic: string): Promise<string[]> => {
      const text = 'SELECT DISTINCT key FROM log_record WHERE topic = $1 AND partition = 1 ORDER BY key';
      return (await pool.query<{ key: string }>(text, [topic])).rows.map((row) => row.key);
    };
    await after(0, 'a');
    await after(10, 'b');
    await after(29, 'c');
    expect(await keysOf('beats')).toEqual(['a', 'b', 'c']);
    await after(31, 'd');
    expect(await keysOf('beats')).toEqual(['b', 'c', 'd']);
    await after(50, 'e');
    expect(await keysOf('beats')).toEqual(['c', 'd', 'e']);
    expect(await keysOf('transitions')).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await log.endOffset('beats', 1)).toBe(15);
    await log.close();
  });
});
