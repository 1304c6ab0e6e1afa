import { Inject, Injectable } from '@nestjs/common';
import { partitionOf } from '#domain';
import { BEATS, EVENT_LOG, type EventLog, type LogBatch } from '#event-log';
import { Database } from '#persistence';
import { PLATFORM, errorMessage, type GaugeOf, type Platform } from '#platform';
import { PartitionProjector } from './partition-projector.ts';

/** A read waits at most this long for the projection; then it answers what there is. */
const FRESH_LIMIT_MS = 1_000;
const LOOK_AT_OTHERS_EVERY_MS = 20;

/** Runs the projectors of the partitions that are ours, and knows how far every partition's projection is. */
@Injectable()
export class ProjectionProgress {
  readonly #projectors = new Map<number, PartitionProjector>();
  readonly #waiting = new Set<() => void>();
  readonly #failing = new Map<number, string>();
  readonly #offset: GaugeOf<'partition'>;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {
    const { metrics, health } = platform;
    this.#offset = metrics.gauge('holter_projection_offset', "Where a partition's projection stands.", [
      'partition',
    ]);
    health.add('projector', () => this.#reason());
  }

  async begin(partition: number): Promise<void> {
    const stored = await this.database.repositories.projection.offsetOf(partition);
    this.#projectors.set(partition, new PartitionProjector(partition, this.database, stored));
    this.platform.logger.info({ partition, stored }, 'Projecting a partition.');
  }

  async take(batch: LogBatch): Promise<void> {
    const projector = this.#projectors.get(batch.partition);
    if (projector === undefined) throw new Error(`Partition ${batch.partition} is not projected here.`);
    const unreadable = await projector.take(batch).catch((error: unknown) => {
      this.#failing.set(batch.partition, errorMessage(error));
      throw error;
    });
    this.#failing.delete(batch.partition);
    for (const { offset, reason } of unreadable) {
      this.platform.logger.error(
        { partition: batch.partition, offset, reason },
        'A record of the log cannot be read.',
      );
    }
    this.#offset.set({ partition: String(batch.partition) }, projector.offset);
    for (const look of this.#waiting) look();
  }

  end(partition: number): void {
    this.#projectors.delete(partition);
    this.#failing.delete(partition);
  }

  #reason(): string | null {
    const [failing] = this.#failing;
    if (failing !== undefined)
      return `what happened on partition ${failing[0]} cannot be written: ${failing[1]}`;
    return this.#projectors.size > 0 ? null : 'no partition is projected by this process yet';
  }

  /** The partition of the log that holds everything about a check. */
  partitionOf(checkId: string): number {
    return partitionOf(checkId, this.log.topics.find((topic) => topic.name === BEATS)?.partitions ?? 1);
  }

  /** Resolves when everything that is in the log now about this check can be read, or after a second. */
  async fresh(checkId: string): Promise<void> {
    const partition = this.partitionOf(checkId);
    const limit = new AbortController();
    const end = await this.log.endOffset(BEATS, partition).catch(() => 0);
    await Promise.race([
      this.#reached(partition, end, limit.signal),
      this.platform.clock.sleep(FRESH_LIMIT_MS, limit.signal),
    ]);
    limit.abort();
  }

  async #reached(partition: number, end: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#projectors.has(partition)) {
      // Another process projects this partition; its progress is in the table.
      if ((await this.database.repositories.projection.offsetOf(partition)) >= end) return;
      await this.platform.clock.sleep(LOOK_AT_OTHERS_EVERY_MS, signal);
    }
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!signal.aborted && (this.#projectors.get(partition)?.offset ?? Infinity) < end) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      signal.addEventListener('abort', look, { once: true });
      look();
    });
  }
}
