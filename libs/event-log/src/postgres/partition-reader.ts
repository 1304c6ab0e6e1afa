import { Wakeup, type Clock, type Logger } from '#platform';
import type pg from 'pg';
import type { LogRecord, Subscription } from '../event-log.ts';
import { deliverUntilTaken, startUntilAnswered } from '../retrying-delivery.ts';
import type { HeadWatcher } from './head-watcher.ts';
import { READ, READ_COMPACTED } from './statements.ts';

/** Large enough that a replay is not bound by round trips, small enough to hold in memory sixteen times. */
const BATCH_RECORDS = 1_000;
const BATCH_BYTES = 4_000_000;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
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
  const { clock, heads, logger } = parts;
  const wakeup = new Wakeup();
  const forget = heads.onAdvance(topic, partition, () => wakeup.call());
  let position = await startUntilAnswered(subscription, partition, { clock, logger, signal });
  while (position !== null && !signal.aborted) {
    const head = heads.headOf(topic, partition);
    if (head <= position) {
      await wakeup.wait(clock, LONGEST_WAIT_MS, signal);
      continue;
    }
    const records = await fetchBatch(parts, topic, partition, position, signal);
    const nextOffset = (records.at(-1)?.offset ?? head - 1) + 1;
    const batch = { topic, partition, records, nextOffset };
    // Everything up to the head may have been thinned away: nothing to hand over, only a place to go on from.
    if (records.length === 0 || (await deliverUntilTaken(subscription, batch, { clock, logger, signal }))) {
      position = nextOffset;
    }
  }
  forget();
}
