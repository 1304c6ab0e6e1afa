import type { Clock, Logger } from '#platform';
import type pg from 'pg';
import { HEADS } from './statements.ts';

/** How long another process's append may stay unseen; our own are told at once. */
const POLL_MS = 150;
const LONGEST_PAUSE_MS = 5_000;

interface Head {
  readonly topic: string;
  readonly partition: number;
  readonly next_offset: string;
}

/** Knows where every partition ends: one cheap query for all readers of a process instead of one each. */
export class HeadWatcher {
  readonly #heads = new Map<string, number>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #ending = new AbortController();
  #polling: Promise<void> | null = null;

  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.#polling ??= this.#poll();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#polling;
  }

  /** The offset after the newest record that is known here. */
  headOf(topic: string, partition: number): number {
    return this.#heads.get(`${topic}/${partition}`) ?? 0;
  }

  /** Takes note of an end that was seen, and wakes whoever reads that partition. */
  note(topic: string, partition: number, nextOffset: number): void {
    const key = `${topic}/${partition}`;
    if (nextOffset <= (this.#heads.get(key) ?? 0)) return;
    this.#heads.set(key, nextOffset);
    for (const listener of this.#listeners.get(key) ?? []) listener();
  }

  onAdvance(topic: string, partition: number, listener: () => void): () => void {
    const key = `${topic}/${partition}`;
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async #poll(): Promise<void> {
    let pauseMs = POLL_MS;
    while (!this.#ending.signal.aborted) {
      try {
        const { rows } = await this.pool.query<Head>(HEADS);
        for (const row of rows) this.note(row.topic, row.partition, Number(row.next_offset));
        pauseMs = POLL_MS;
      } catch (error) {
        if (this.#ending.signal.aborted) return;
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
        this.logger.warn({ err: error, pauseMs }, 'The log in PostgreSQL does not answer.');
      }
      await this.clock.sleep(pauseMs, this.#ending.signal);
    }
  }
}
