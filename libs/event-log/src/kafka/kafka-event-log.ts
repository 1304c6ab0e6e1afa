import type { Clock, Logger } from '#platform';
import type { Admin } from 'kafkajs';
import { TopicTable, checkAppend, checkPartition } from '../append-rules.ts';
import type { EventLog, Following, NewRecord, Subscription, TopicSpec } from '../event-log.ts';
import { KafkaAppender } from './kafka-appender.ts';
import { IMPATIENT, createKafka, type KafkaConnection } from './kafka-client.ts';
import { KafkaFollowing, type FollowingParts } from './kafka-following.ts';
import { KafkaOffsets } from './kafka-offsets.ts';
import { prepareTopics } from './kafka-topics.ts';

/** A broker in a container next to ours may start later than we do. */
const OPEN_LIMIT_MS = 60_000;

export interface KafkaEventLogOptions {
  readonly topics: readonly TopicSpec[];
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly openTimeoutMs?: number;
  /** Encryption and credentials, as kafkajs takes them. */
  readonly connection?: KafkaConnection;
}

/** The log port on Kafka, for several processes on several machines. */
export class KafkaEventLog implements EventLog {
  readonly kind = 'kafka';
  readonly topics: readonly TopicSpec[];
  readonly #specs: TopicTable;
  readonly #admin: Admin;
  readonly #appender: KafkaAppender;
  readonly #parts: FollowingParts;
  readonly #followings = new Set<Following>();
  #closing: Promise<void> | null = null;

  constructor(private readonly options: KafkaEventLogOptions) {
    const { clock, logger } = options;
    this.topics = options.topics;
    this.#specs = new TopicTable(options.topics);
    const kafka = createKafka(options, IMPATIENT);
    this.#admin = kafka.admin();
    this.#appender = new KafkaAppender(kafka, clock);
    this.#parts = { client: options, offsets: new KafkaOffsets(this.#admin, clock), clock, logger };
  }

  async open(): Promise<void> {
    const { clock, brokers, openTimeoutMs: limitMs = OPEN_LIMIT_MS } = this.options;
    await prepareTopics(this.#admin, this.topics, { clock, brokers, limitMs });
    await this.#appender.connect();
  }

  async append(topic: string, partition: number, records: readonly NewRecord[]): Promise<number> {
    checkAppend(this.#specs.get(topic), partition, records);
    return await this.#appender.append(topic, partition, records);
  }

  async endOffset(topic: string, partition: number): Promise<number> {
    checkPartition(this.#specs.get(topic), partition);
    return (await this.#parts.offsets.of(topic, partition)).high;
  }

  async follow(subscription: Subscription): Promise<Following> {
    const following = new KafkaFollowing(subscription, this.#specs.get(subscription.topic), this.#parts);
    this.#followings.add(following);
    return following;
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#followings].map(async (following) => await following.stop()));
    await this.#appender.disconnect();
    await this.#admin.disconnect();
  }
}
