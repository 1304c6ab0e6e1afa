import { SystemClock, silentLogger } from '#platform';
import { startKafkaBroker } from '#testing';
import { Line } from '../contract/line.contract.ts';
import type { LogHarness } from '../contract/stage.contract.ts';
import { describeEventLog } from '../event-log.contract.ts';
import type { EventLog } from '../event-log.ts';
import { KafkaEventLog } from './kafka-event-log.ts';

const clock = new SystemClock();

describeEventLog('Kafka', async (): Promise<LogHarness> => {
  const broker = await startKafkaBroker();
  const brokers = broker.brokers.split(',');
  const lines = new Map<EventLog, Line>();
  return {
    create: (topics) => {
      const line = new Line();
      const connection = {
        socketFactory: ({ host, port, onConnect }: { host: string; port: number; onConnect: () => void }) =>
          line.socket().connect(port, host, onConnect),
      };
      const log = new KafkaEventLog({
        topics,
        brokers,
        clientId: 'holter-test',
        clock,
        logger: silentLogger,
        connection,
      });
      lines.set(log, line);
      return log;
    },
    sever: (log) => lines.get(log)?.cut(),
    stop: async () => await broker.stop(),
  };
});
