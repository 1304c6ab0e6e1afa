import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock, silentLogger } from '#platform';
import kafkajs from 'kafkajs';
import { startKafkaBroker, type KafkaBroker } from '#testing';
import { Happenings } from '../contract/happenings.contract.ts';
import { Reader } from '../contract/reader.contract.ts';
import { numbered } from '../contract/stage.contract.ts';
import { EventLogError, type EventLog, type TopicSpec } from '../event-log.ts';
import { KafkaEventLog } from './kafka-event-log.ts';

const clock = new SystemClock();
const common = { clientId: 'holter-test', clock, logger: silentLogger };

describe('the log on Kafka when Kafka fails', () => {
  const topic: TopicSpec = { name: 'beats', partitions: 2, policy: { kind: 'time', retentionMs: null } };
  let broker: KafkaBroker | null = null;
  let log: KafkaEventLog | null = null;
  const running = (): { broker: KafkaBroker; log: KafkaEventLog } => {
    if (broker === null || log === null) throw new Error('The broker did not start.');
    return { broker, log };
  };
  beforeAll(async () => {
    broker = await startKafkaBroker();
    log = new KafkaEventLog({ ...common, topics: [topic], brokers: [broker.brokers] });
    await log.open();
  });
  afterAll(async () => {
    await log?.close();
    await broker?.stop();
  });

  it('loses and reorders nothing that was confirmed when the broker is killed and comes back', async () => {
    const happenings = new Happenings();
    const [alone, member] = [new Reader(happenings), new Reader(happenings)];
    await running().log.follow(alone.subscription(topic.name));
    await running().log.follow(member.subscription(topic.name, 'projection'));
    await appendUntilConfirmed(running().log, 0, 20);
    await happenings.until(() => [alone, member].every((reader) => reader.values(0).length >= 100));
    const appending = appendUntilConfirmed(running().log, 20, 60);
    await running().broker.kill9();
    await running().broker.start();
    await appending;
    const last = numbered('a', 1, 299)[0]?.value;
    await happenings.until(() => [alone, member].every((reader) => reader.values(0).includes(last ?? null)));
    for (const reader of [alone, member]) {
      expect([...new Set(reader.values(0))]).toEqual(numbered('a', 300).map((record) => record.value));
    }
    expect(await running().log.endOffset(topic.name, 0)).toBeGreaterThanOrEqual(300);
  });

  it('goes on from what is left when records were removed before they were read', async () => {
    const happenings = new Happenings();
    await running().log.append(topic.name, 1, numbered('b', 20));
    const kafka = new kafkajs.Kafka({
      brokers: [running().broker.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const admin = kafka.admin();
    await admin.connect();
    // Loads the metadata that kafkajs needs for the next call.
    await admin.fetchTopicOffsets(topic.name);
    await admin.deleteTopicRecords({ topic: topic.name, partitions: [{ partition: 1, offset: '15' }] });
    await admin.disconnect();
    const reader = new Reader(happenings, { startAt: () => 3 });
    await running().log.follow(reader.subscription(topic.name));
    await happenings.until(() => reader.values(1).length === 5);
    expect(reader.records(1)[0]?.offset).toBe(15);
  });

  it('opens only when a broker is there, and says which one was not within the limit', async () => {
    const absent = new KafkaEventLog({
      ...common,
      topics: [topic],
      brokers: ['127.0.0.1:1'],
      openTimeoutMs: 500,
    });
    const opening = absent.open();
    await expect(opening).rejects.toThrow(EventLogError);
    await expect(opening).rejects.toThrow('Kafka at 127.0.0.1:1 cannot be used');
    await absent.close();
  });
});

/** A producer: batches of five, one in flight, and a rejected one is appended again. */
async function appendUntilConfirmed(log: EventLog, from: number, to: number): Promise<void> {
  for (let batch = from; batch < to;) {
    try {
      await log.append('beats', 0, numbered('a', 5, batch * 5));
      batch += 1;
    } catch {
      // Not known whether it is there: again, and readers recognise what they have seen.
    }
  }
}
