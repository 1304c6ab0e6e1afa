import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { IngestExpired, PartitionState } from '#domain';
import { BEATS, EVENT_LOG, encodeEvent, type EventLog } from '#event-log';
import { PLATFORM, errorMessage, type Platform } from '#platform';
import { silentFor, type Silence } from './silence.ts';

/** An ingest that is silent for longer is judged dead; its clients may have been refused meanwhile. */
export const LEASE_MS = 10_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Expires ingests that died without leaving, so that one dead process does not stop the clock for ever. Silence counts
 * only while this evaluator itself can reach the log and has read it to its end: our own outage convicts nobody.
 */
@Injectable()
export class Janitor implements OnModuleInit, OnApplicationShutdown {
  readonly #producer = `evaluator-${randomUUID()}`;
  readonly #ending = new AbortController();
  readonly #states = new Map<number, PartitionState>();
  readonly #silences = new Map<number, Map<string, Silence>>();
  #pseq = 0;
  #looking: Promise<void> | null = null;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {}

  watch(state: PartitionState): void {
    this.#states.set(state.partition, state);
    this.#silences.set(state.partition, new Map());
  }

  forget(partition: number): void {
    this.#states.delete(partition);
    this.#silences.delete(partition);
  }

  onModuleInit(): void {
    this.#looking = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await this.#looking;
  }

  async #run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      await this.platform.clock.sleep(LOOK_EVERY_MS, this.#ending.signal);
      for (const state of this.#states.values()) {
        if (this.#ending.signal.aborted) return;
        await this.#look(state).catch((error: unknown) => {
          this.#silences.set(state.partition, new Map());
          this.platform.logger.debug(
            { detail: errorMessage(error) },
            'The log does not answer; nobody is judged silent.',
          );
        });
      }
    }
  }

  async #look(state: PartitionState): Promise<void> {
    const readToItsEnd = state.nextOffset >= (await this.log.endOffset(BEATS, state.partition));
    const now = this.platform.clock.now();
    const before = this.#silences.get(state.partition) ?? new Map<string, Silence>();
    const silences = readToItsEnd
      ? silentFor(state, before, now, LOOK_EVERY_MS * 2)
      : new Map<string, Silence>();
    this.#silences.set(state.partition, silences);
    for (const [producer, silence] of silences) {
      if (silence.silentMs < LEASE_MS) continue;
      await this.#expire(state.partition, producer, silence.epoch);
      silences.delete(producer);
    }
  }

  async #expire(partition: number, producer: string, epoch: number): Promise<void> {
    this.#pseq += 1;
    const event: IngestExpired = {
      v: 1,
      type: 'ingest.expired',
      producer: this.#producer,
      // Numbered per partition by an epoch of its own each, because this producer writes far too seldom to count gaps.
      epoch: this.#pseq,
      pseq: 1,
      expired: { producer, epoch },
      leaseMs: LEASE_MS,
    };
    await this.log.append(BEATS, partition, [{ key: producer, value: encodeEvent(event) }]);
    this.platform.logger.warn(
      { partition, producer, epoch },
      'An ingest has been silent for too long and no longer counts.',
    );
  }
}
