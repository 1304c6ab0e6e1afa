import type { Clock } from '#platform';
import type { Admin } from 'kafkajs';
import { EventLogError } from '../event-log.ts';

/** The first offset that is still there, and the one that the next record will get. */
export interface OffsetRange {
  readonly low: number;
  readonly high: number;
}

const LIMIT_MS = 15_000;
const PAUSE_BETWEEN_TRIES_MS = 250;

/**
 * Asks Kafka where partitions begin and end. One request is under way per topic, and everybody who asks meanwhile
 * shares the next one: an answer is never older than its question, however many ask.
 */
export class KafkaOffsets {
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #next = new Map<string, Promise<ReadonlyMap<number, OffsetRange>>>();

  constructor(
    private readonly admin: Admin,
    private readonly clock: Clock,
  ) {}

  async of(topic: string, partition: number): Promise<OffsetRange> {
    const range = (await this.ofAll(topic)).get(partition);
    if (range === undefined) throw new EventLogError(`There is no partition ${partition} of topic ${topic}.`);
    return range;
  }

  async ofAll(topic: string): Promise<ReadonlyMap<number, OffsetRange>> {
    const shared = this.#next.get(topic);
    if (shared !== undefined) return await shared;
    const request = this.#requestAfter(this.#running.get(topic), topic);
    this.#next.set(topic, request);
    return await request;
  }

  async #requestAfter(
    before: Promise<unknown> | undefined,
    topic: string,
  ): Promise<ReadonlyMap<number, OffsetRange>> {
    await before;
    const request = this.#fetch(topic);
    this.#next.delete(topic);
    const settled = request.catch(() => undefined);
    this.#running.set(topic, settled);
    return await request;
  }

  async #fetch(topic: string): Promise<ReadonlyMap<number, OffsetRange>> {
    const giveUpAt = this.clock.monotonic() + LIMIT_MS;
    for (;;) {
      try {
        const offsets = await this.admin.fetchTopicOffsets(topic);
        return new Map(
          offsets.map((one) => [one.partition, { low: Number(one.low), high: Number(one.high) }]),
        );
      } catch (error) {
        if (this.clock.monotonic() >= giveUpAt) {
          throw new EventLogError(`Kafka does not say where topic ${topic} ends.`, { cause: error });
        }
        await this.clock.sleep(PAUSE_BETWEEN_TRIES_MS);
      }
    }
  }
}
