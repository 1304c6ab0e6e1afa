import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ZONE_VERSIONS, type IngestExpired, type PartitionState, type ZonesActivated } from '#domain';
import { BEATS, EVENT_LOG, encodeEvent, type EventLog } from '#event-log';
import { PLATFORM, errorMessage, type Platform } from '#platform';
import { silentFor, type Silence } from './silence.ts';

/** An ingest that is silent for longer is judged dead; its clients may have been refused meanwhile. */
export const LEASE_MS = 10_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Expires ingests that died without leaving, so that one dead process does not stop the clock for ever. Silence counts
 * only while this evaluator itself can reach the log and has read it to its end: our own outage convicts nobody.
 *
 * By the way it says so in the log when this release has newer time zone tables than the log goes by.
 */
@Injectable()
export class Janitor implements OnModuleInit, OnApplicationShutdown {
  readonly #producer = `evaluator-${randomUUID()}`;
  readonly #ending = new AbortController();
  readonly #states = new Map<number, PartitionState>();
  readonly #silences = new Map<number, Map<string, Silence>>();
  /** Where each partition ended at the look before. */
  readonly #ends = new Map<number, number>();
  /** The version of the zone tables that was written last, by partition. */
  readonly #activated = new Map<number, string>();
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
    this.#ends.delete(partition);
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
          this.#ends.delete(state.partition);
          this.platform.logger.debug(
            { detail: errorMessage(error) },
            'The log does not answer; nobody is judged silent.',
          );
        });
      }
    }
  }

  async #look(state: PartitionState): Promise<void> {
    const end = await this.log.endOffset(BEATS, state.partition);
    // To its end as it was at the look before: a busy log has always grown a little since, and would convict nobody.
    const isRead = state.nextOffset >= (this.#ends.get(state.partition) ?? Infinity);
    this.#ends.set(state.partition, end);
    const now = this.platform.clock.now();
    const before = this.#silences.get(state.partition) ?? new Map<string, Silence>();
    const silences = isRead ? silentFor(state, before, now, LOOK_EVERY_MS * 2) : new Map<string, Silence>();
    this.#silences.set(state.partition, silences);
    if (isRead) await this.#activateZones(state);
    for (const [producer, silence] of silences) {
      if (silence.silentMs < LEASE_MS) continue;
      await this.#expire(state.partition, producer, silence.epoch);
      silences.delete(producer);
    }
  }

  /** Appended once for each partition; a twin that does the same changes nothing. */
  async #activateZones(state: PartitionState): Promise<void> {
    const newest = ZONE_VERSIONS.at(-1);
    if (newest === undefined || newest <= state.tz || this.#activated.get(state.partition) === newest) return;
    this.#pseq += 1;
    const numbers = { producer: this.#producer, epoch: this.#pseq, pseq: 1 };
    const event: ZonesActivated = { v: 1, type: 'tz.activated', ...numbers, version: newest };
    await this.log.append(BEATS, state.partition, [{ key: 'tz', value: encodeEvent(event) }]);
    this.#activated.set(state.partition, newest);
    this.platform.logger.info(
      { partition: state.partition, from: state.tz, to: newest },
      'Newer time zone tables are in force from here on.',
    );
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
