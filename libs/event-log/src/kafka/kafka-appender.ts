import type { Clock } from '#platform';
import type { Kafka, Producer } from 'kafkajs';
import { EventLogError, type NewRecord } from '../event-log.ts';
import { isFinal } from './final-error.ts';

/** A broker killed and started again was back after 7.8 s; a caller hears by then whether waiting goes on. */
const LIMIT_MS = 15_000;
const PAUSE_BETWEEN_TRIES_MS = 250;

/** Tries of kafkajs within one of ours: they cover a change of leader, which needs new metadata and some patience. */
const RETRY = { retries: 10 };

/** When Kafka is gone, a process that ends must not wait for it. */
const FAREWELL_LIMIT_MS = 3_000;

/** How long the broker itself waits for its replicas. */
const REPLICAS_LIMIT_MS = 5_000;
const ALL_REPLICAS = -1;

interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly NewRecord[];
}

/**
 * Sends batches with all acknowledgements. kafkajs' own idempotence is off: it can drop records silently, and readers
 * recognise duplicates by their numbers anyway.
 */
export class KafkaAppender {
  readonly #producer: Producer;
  readonly #sending = new Map<string, Promise<number>>();

  constructor(
    kafka: Kafka,
    private readonly clock: Clock,
  ) {
    this.#producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: () => (choice) => choice.message.partition ?? 0,
      idempotent: false,
      retry: RETRY,
    });
  }

  async connect(): Promise<void> {
    await this.#producer.connect();
  }

  /** Waits a little for what is still being sent: kafkajs would connect again by itself to go on with it. */
  async disconnect(): Promise<void> {
    const sent = new AbortController();
    void Promise.allSettled(this.#sending.values()).then(() => sent.abort());
    await this.clock.sleep(FAREWELL_LIMIT_MS, sent.signal);
    await this.#producer.disconnect();
  }

  /** Answers the first offset; rejects after 15 s without an answer, when nobody knows what became of the batch. */
  async append(topic: string, partition: number, records: readonly NewRecord[]): Promise<number> {
    const place = `${topic}/${partition}`;
    const limit = new AbortController();
    const sending = this.#sendAfter(this.#sending.get(place), { topic, partition, records }, limit.signal);
    this.#sending.set(place, sending);
    const forget = (): void => {
      if (this.#sending.get(place) === sending) this.#sending.delete(place);
    };
    sending.then(forget, forget);
    const overdue = new Promise<never>((_, reject) => {
      const error = new EventLogError(
        `Kafka did not confirm a batch for ${place} within ${LIMIT_MS / 1_000} s.`,
      );
      limit.signal.addEventListener('abort', () => reject(error), { once: true });
    });
    const cancel = this.clock.after(LIMIT_MS, () => limit.abort());
    try {
      return await Promise.race([sending, overdue]);
    } finally {
      cancel();
    }
  }

  /** A batch whose caller gave up may still be under way: the next one of its partition must not overtake it. */
  async #sendAfter(before: Promise<number> | undefined, batch: Batch, limit: AbortSignal): Promise<number> {
    await before?.catch(() => undefined);
    while (!limit.aborted) {
      try {
        return await this.#send(batch);
      } catch (error) {
        if (isFinal(error))
          throw new EventLogError(`Kafka refused a batch: ${String(error)}`, { cause: error });
        await this.clock.sleep(PAUSE_BETWEEN_TRIES_MS, limit);
      }
    }
    throw new EventLogError('Kafka did not confirm the batch.');
  }

  async #send({ topic, partition, records }: Batch): Promise<number> {
    const [answer] = await this.#producer.send({
      topic,
      acks: ALL_REPLICAS,
      timeout: REPLICAS_LIMIT_MS,
      messages: records.map(({ key, value }) => ({ key, value, partition })),
    });
    if (answer?.baseOffset === undefined)
      throw new EventLogError('Kafka confirmed a batch without its offset.');
    return Number(answer.baseOffset);
  }
}
