import { errorCode, errorMessage, type Clock, type Logger } from '#platform';
import { Database } from './database.ts';
import type { Migration } from './migration.ts';

const LIMIT_MS = 60_000;
const PAUSE_MS = 500;
/** Connections for one process; four processes stay well below PostgreSQL's usual 100. */
const POOL_SIZE = 10;

/** Not there (yet): refused, no such host (yet), starting up, shutting down, or too many connections for now. */
const PASSING = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNRESET',
  'ETIMEDOUT',
  '57P01',
  '57P03',
  '53300',
];

/** Opens the database, waiting up to a minute for a server that is not up yet; else a sentence for the operator. */
export async function openDatabaseWhenThere(options: {
  readonly url: string;
  readonly applicationName: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly migrations?: readonly Migration[];
}): Promise<Database> {
  const { clock, logger, url, applicationName, migrations = [] } = options;
  const giveUpAt = clock.now() + LIMIT_MS;
  for (;;) {
    try {
      return await Database.open({ url, applicationName, poolSize: POOL_SIZE, migrations });
    } catch (error) {
      const passing = PASSING.includes(errorCode(error) ?? '');
      if (!passing || clock.now() >= giveUpAt) {
        throw new Error(
          `PostgreSQL at DATABASE_URL cannot be used: ${errorMessage(error) || errorCode(error)}.`,
          { cause: error },
        );
      }
      logger.info({ code: errorCode(error) }, 'Waiting for PostgreSQL.');
      await clock.sleep(PAUSE_MS);
    }
  }
}
