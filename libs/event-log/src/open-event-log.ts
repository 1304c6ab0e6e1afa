import type { Clock, Logger } from '#platform';
import type { EventLog } from './event-log.ts';
import { KafkaEventLog } from './kafka/kafka-event-log.ts';
import { PostgresEventLog } from './postgres/postgres-event-log.ts';
import { holterTopics } from './topics.ts';

/** Where the log is: on Kafka when there are brokers, else in PostgreSQL. */
export type LogPlace = { readonly brokers: readonly string[] } | { readonly databaseUrl: string };

/** Makes the log for its place and opens it: connects, creates what is missing, refuses what does not fit. */
export async function openEventLog(options: {
  readonly place: LogPlace;
  readonly partitions: number;
  readonly clientId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}): Promise<EventLog> {
  const { place, clientId, clock, logger } = options;
  const topics = holterTopics(options.partitions);
  const log =
    'brokers' in place
      ? new KafkaEventLog({ topics, brokers: [...place.brokers], clientId, clock, logger })
      : new PostgresEventLog({ topics, url: place.databaseUrl, clock, logger });
  try {
    await log.open();
  } catch (error) {
    await log.close().catch(() => undefined);
    throw error;
  }
  return log;
}
