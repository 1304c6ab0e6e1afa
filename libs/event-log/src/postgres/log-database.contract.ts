import { createTestDatabase } from '#testing';
import pg from 'pg';
import { POSTGRES_LOG_SCHEMA } from './schema.ts';

/** A database of its own with the log's tables, for one spec file. */
export interface LogDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  drop(): Promise<void>;
}

/** Makes an empty database and runs the log's migration on it. */
export async function createLogDatabase(): Promise<LogDatabase> {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url });
  // The tests end connections on purpose.
  pool.on('error', () => undefined);
  for (const statement of POSTGRES_LOG_SCHEMA) await pool.query(statement);
  return {
    url: database.url,
    pool,
    drop: async () => {
      await pool.end();
      await database.drop();
    },
  };
}
