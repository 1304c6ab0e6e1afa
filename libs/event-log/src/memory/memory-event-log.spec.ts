import { SystemClock } from '#platform';
import { describeEventLog } from '../event-log.contract.ts';
import { MemoryEventLog } from './memory-event-log.ts';
import { MemoryStore } from './memory-store.ts';

describeEventLog('memory', async () => {
  const store = new MemoryStore();
  const clock = new SystemClock();
  return {
    create: (topics) => new MemoryEventLog({ topics, clock, store }),
    sever: (log) => {
      if (log instanceof MemoryEventLog) log.crash();
    },
    stop: async () => undefined,
  };
});
