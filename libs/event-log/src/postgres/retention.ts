import type { Clock, Logger } from '#platform';
import type pg from 'pg';
import type { TopicSpec } from '../event-log.ts';
import { FORGET_MARKS, MARK, OLD_MARKS, TRIM } from './statements.ts';

/** Records are kept for up to so much longer than asked; nobody counts days by the minute. */
const SWEEP_EVERY_MS = 3_600_000;

/** Few enough that appends, which want the same disk, do not notice. */
const RECORDS_AT_ONCE = 10_000;

interface Mark {
  readonly partition: number;
  readonly noted_at: string;
  readonly next_offset: string;
}

/**
 * Removes the records of a topic that are older than it keeps them. Two processes may do so at once: both delete the
 * same records.
 */
export class Retention {
  readonly #ending = new AbortController();
  #running: Promise<void> | null = null;

  constructor(
    private readonly pool: pg.Pool,
    private readonly options: {
      readonly topics: readonly TopicSpec[];
      readonly clock: Clock;
      readonly logger: Logger;
    },
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  /** Notes where every partition ends now, and removes what lies before a note that is old enough. */
  async sweep(): Promise<void> {
    const now = this.options.clock.now();
    for (const { name, policy } of this.options.topics) {
      if (policy.kind !== 'time' || policy.retentionMs === null) continue;
      await this.pool.query(MARK, [name, now]);
      const { rows } = await this.pool.query<Mark>(OLD_MARKS, [name, now - policy.retentionMs]);
      for (const mark of rows) await this.#trim(name, mark);
    }
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.options;
    while (!this.#ending.signal.aborted) {
      try {
        await this.sweep();
      } catch (error) {
        logger.warn(
          { err: error },
          'Old records could not be removed from the log; trying again in an hour.',
        );
      }
      await clock.sleep(SWEEP_EVERY_MS, this.#ending.signal);
    }
  }

  async #trim(topic: string, { partition, noted_at: notedAt, next_offset: end }: Mark): Promise<void> {
    for (let removed: number | null = null; removed !== 0 && !this.#ending.signal.aborted;) {
      const { rowCount } = await this.pool.query(TRIM, [topic, partition, end, RECORDS_AT_ONCE]);
      removed = rowCount ?? 0;
    }
    await this.pool.query(FORGET_MARKS, [topic, partition, notedAt]);
  }
}
