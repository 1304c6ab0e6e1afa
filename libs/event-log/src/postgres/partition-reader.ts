import { Wakeup, type Clock, type Logger } from '#platform';
import type pg from 'pg';
import type { LogRecord, Subscription } from '../event-log.ts';
import { deliverUntilTaken, startUntilAnswered, tryUntilDone } from '../retrying-delivery.ts';
import type { HeadWatcher } from './head-watcher.ts';
import { READ, READ_COMPACTED } from './statements.ts';

/** Large enough that a replay is not bound by round trips, small enough to hold in memory sixteen times. */
const BATCH_RECORDS = 1_000;
const BATCH_BYTES = 4_000_000;

/** The head watcher wakes readers; this is only against a wake-up that got lost. */
const LONGEST_WAIT_MS = 60_000;

export interface ReaderParts {
  readonly pool: pg.Pool;
  readonly heads: HeadWatcher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly compacted: boolean;
}

/** Reads one partition until `signal` aborts: waits for its end to move, fetches a batch, hands it over, goes on. */
export async function readPartition(
  subscription: Subscription,
  partition: number,
  parts: ReaderParts,
  signal: AbortSignal,
): Promise<void> {
  const { topic } = subscription;
  const { heads } = parts;
  const retry = { clock: parts.clock, logger: parts.logger, signal };
  const wakeup = new Wakeup();
  const forget = heads.onAdvance(topic, partition, () => wakeup.call());
  let position = await startUntilAnswered(subscription, partition, retry);
  while (position !== null && !signal.aborted) {
    const head = heads.headOf(topic, partition);
    if (head <= position) {
      await wakeup.wait(parts.clock, LONGEST_WAIT_MS, signal);
      continue;
    }
    const from = position;
    const records = await tryUntilDone(
      retry,
      { topic, partition },
      'The log could not be read.',
      async () => {
        return await fetchBatch(parts, topic, partition, from);
      },
    );
    if (records === null) break;
    const nextOffset = (records.at(-1)?.offset ?? head - 1) + 1;
    const batch = { topic, partition, records, nextOffset };
    // Everything up to the head may have been thinned away: nothing to hand over, only a place to go on from.
    if (records.length === 0 || (await deliverUntilTaken(subscription, batch, retry))) {
      position = nextOffset;
    }
  }
  forget();
}

async function fetchBatch(
  { pool, compacted }: ReaderParts,
  topic: string,
  partition: number,
  position: number,
): Promise<LogRecord[]> {
  const { rows } = await pool.query<{ offset: string; key: string; value: string | null }>({
    name: compacted ? 'log-read-compacted' : 'log-read',
    text: compacted ? READ_COMPACTED : READ,
    values: [topic, partition, position, BATCH_RECORDS, BATCH_BYTES],
  });
  return rows.map((row) => ({ offset: Number(row.offset), key: row.key, value: row.value }));
}
