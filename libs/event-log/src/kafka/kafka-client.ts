import type { Logger } from '#platform';
import kafkajs, { type KafkaConfig, type LogEntry } from 'kafkajs';

/** How brokers are reached beyond their addresses: encryption, credentials, sockets. */
export type KafkaConnection = Pick<KafkaConfig, 'ssl' | 'sasl' | 'socketFactory'>;

export interface KafkaClientOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly connection?: KafkaConnection;
  readonly logger: Logger;
}

/** A broker that does not answer for so long is treated as gone; a produce with all acknowledgements took 60 ms. */
const REQUEST_LIMIT_MS = 8_000;
const CONNECT_LIMIT_MS = 3_000;

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** Tries for calls that have a limit and a loop of our own around them: kafkajs tells us after less than a second. */
export const IMPATIENT = 3;

/**
 * Tries for a consumer: about 10 s. A broker that was killed and started again was back after 8 s, and a consumer that
 * waited for it is still a member of its group.
 */
export const PATIENT = 12;

/**
 * One kafkajs client. A consumer gets one of its own, because kafkajs keeps committed offsets for all consumers of a
 * client in one table, and two members of a group in one process would share it.
 */
export function createKafka(options: KafkaClientOptions, retries: number): kafkajs.Kafka {
  return new kafkajs.Kafka({
    ...options.connection,
    brokers: [...options.brokers],
    clientId: options.clientId,
    connectionTimeout: CONNECT_LIMIT_MS,
    requestTimeout: REQUEST_LIMIT_MS,
    retry: { initialRetryTime: FIRST_PAUSE_MS, maxRetryTime: LONGEST_PAUSE_MS, retries },
    logLevel: kafkajs.logLevel.WARN,
    // kafkajs calls every retry an error. What matters to an operator is said by the adapter in its own words.
    logCreator: () => (entry) => options.logger.debug(fieldsOf(entry), entry.log.message),
  });
}

function fieldsOf({ namespace, log }: LogEntry): object {
  const { message: _, timestamp: __, ...fields } = log;
  return { ...fields, from: `kafkajs/${namespace}` };
}
