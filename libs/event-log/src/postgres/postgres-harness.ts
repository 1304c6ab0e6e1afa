import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { SystemClock, processEnvironment, startEmbeddedPostgres } from '#platform';
import pg from 'pg';
import { POSTGRES_LOG_SCHEMA } from './schema.ts';

/** A database of its own with the log's tables, for one spec file. */
export interface LogTestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  drop(): Promise<void>;
}

/** Makes the database on the server named by `TEST_DATABASE_URL`, or on one that is started for it and ends with it. */
export async function createLogDatabase(): Promise<LogTestDatabase> {
  const given = processEnvironment()['TEST_DATABASE_URL'];
  const server = given === undefined ? await ownServer() : { url: given, stop: async () => undefined };
  const name = `holter_log_${randomUUID().replaceAll('-', '')}`;
  await execute(server.url, [`CREATE DATABASE ${name}`]);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  await execute(url.href, POSTGRES_LOG_SCHEMA);
  const pool = new pg.Pool({ connectionString: url.href });
  pool.on('error', () => undefined);
  return {
    url: url.href,
    pool,
    drop: async () => {
      await pool.end();
      await execute(server.url, [`DROP DATABASE ${name} WITH (FORCE)`]);
      await server.stop();
    },
  };
}

async function ownServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'holter-log-'));
  const server = await startEmbeddedPostgres({ dataFolder, clock: new SystemClock(), fleeting: true });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

async function execute(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
