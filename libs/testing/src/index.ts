export { FakeClock } from './clock/fake-clock.ts';
export { createTestDatabase, type TestDatabase } from './database/test-database.ts';
export { FakeReceiver, type ReceivedMessage } from './receiver/fake-receiver.ts';
export { startKafkaBroker, type KafkaBroker } from './kafka-broker/kafka-broker.ts';
