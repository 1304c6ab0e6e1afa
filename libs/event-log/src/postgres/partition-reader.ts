import type { Clock, Logger } from '#platform';
import type pg from 'pg';
import type { LogRecord, Subscription } from '../event-log.ts';
import { deliverUntilTaken } from '../retrying-delivery.ts';
import { Wakeup } from '../wakeup.ts';
import type { HeadWatcher } from './head-watcher.ts';
import { READ, READ_COMPACTED } from './statements.ts';

/** Large enough that a replay is not bound by round trips, small enough to hold in memory sixteen times. */
const BATCH_RECORDS = 1_000;
const BATCH_CHARACTERS = 4_000_000;
const PAUSE_AFTER_FAULT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

export interface ReaderParts {
  readonly pool: pg.Pool;
  readonly heads: HeadWatcher;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Reads one partition until `signal` aborts: waits for its end to move, fetches a batch, hands it over, goes on. */
export async function readPartition(
  subscription: Subscription,
  partition: number,
  parts: ReaderParts & { readonly compacted: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { topic } = subscription;
  const { clock, heads, logger } = parts;
  const wakeup = new Wakeup();
  const forget = heads.onAdvance(topic, partition, () => wakeup.call());
  let position: number | null = null;
  while (!signal.aborted) {
    try {
      position ??= await subscription.startAt(partition);
      if (heads.headOf(topic, partition) <= position) {
        await wakeup.wait(clock, LONGEST_WAIT_MS, signal);
        continue;
      }
      const head = heads.headOf(topic, partition);
      const records = await fetchBatch(parts, topic, partition, position);
      const nextOffset: number = (records.at(-1)?.offset ?? head - 1) + 1;
      const batch = { topic, partition, records, nextOffset };
      // Everything up to the head may have been thinned away: nothing to hand over, only a place to go on from.
      if (records.length === 0 || (await deliverUntilTaken(subscription, batch, { clock, logger, signal }))) {
        position = nextOffset;
      }
    } catch (error) {
      if (signal.aborted) break;
      logger.warn({ err: error, topic, partition }, 'Reading the log failed; trying again.');
      await clock.sleep(PAUSE_AFTER_FAULT_MS, signal);
    }
  }
  forget();
}

async function fetchBatch(
  parts: ReaderParts & { readonly compacted: boolean },
  topic: string,
  partition: number,
  position: number,
): Promise<LogRecord[]> {
  const { rows } = await parts.pool.query<{ offset: string; key: string; value: string | null }>({
    name: parts.compacted ? 'log-read-compacted' : 'log-read',
    text: parts.compacted ? READ_COMPACTED : READ,
    values: [topic, partition, position, BATCH_RECORDS],
  });
  const records: LogRecord[] = [];
  let characters = 0;
  for (const row of rows) {
    records.push({ offset: Number(row.offset), key: row.key, value: row.value });
    characters += row.value?.length ?? 0;
    if (characters >= BATCH_CHARACTERS) break;
  }
  return records;
}
