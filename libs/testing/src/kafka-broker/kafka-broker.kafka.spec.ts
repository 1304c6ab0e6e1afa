import { afterAll, describe, expect, it } from '@jest/globals';
import { answersOn } from './free-ports.ts';
import { kafkaSurroundings } from './kafka-broker.config.ts';
import { startKafkaBroker, type KafkaBroker } from './kafka-broker.ts';

const portOf = (broker: KafkaBroker): number => Number(broker.brokers.split(':')[1]);

describe('a Kafka broker for tests', () => {
  let broker: KafkaBroker | null = null;
  afterAll(async () => await broker?.stop());

  it('answers on its port, is gone when killed, and comes back on the same port', async () => {
    broker = await startKafkaBroker({
      surroundings: { ...kafkaSurroundings(), givenBrokers: null },
    });
    expect(await answersOn(portOf(broker))).toBe(true);
    await broker.kill9();
    expect(await answersOn(portOf(broker))).toBe(false);
    await broker.start();
    expect(await answersOn(portOf(broker))).toBe(true);
  });

  it('says in one sentence what is missing when there is neither a broker nor a way to start one', async () => {
    const nothing = { givenBrokers: null, java: null, maven: null };
    await expect(startKafkaBroker({ surroundings: nothing })).rejects.toThrow(/KAFKA_BROKERS.*java.*mvn/);
  });

  it('leaves a broker that somebody else runs alone', async () => {
    const foreign = await startKafkaBroker({
      surroundings: { givenBrokers: 'kafka-1:9092', java: null, maven: null },
    });
    expect(foreign.brokers).toBe('kafka-1:9092');
    await expect(foreign.kill9()).rejects.toThrow('not ours');
    await foreign.stop();
  });
});
