import { EventLogModule, LogStrategy, openEventLog } from '#event-log';
import { PersistenceModule, openDatabaseWhenThere } from '#persistence';
import { PlatformModule, createServicePlatform, processEnvironment, runMain, serve } from '#platform';
import { parseNotifierConfig } from './notifier.config.ts';
import { NotifierModule } from './notifier.module.ts';

runMain(async () => {
  const config = parseNotifierConfig(processEnvironment());
  const platform = createServicePlatform('notifier', config.logLevel);
  const database = await openDatabaseWhenThere({
    url: config.databaseUrl,
    applicationName: 'holter-notifier',
    ...platform,
  });
  const log = await openEventLog({
    place: config,
    partitions: config.partitions,
    clientId: 'holter-notifier',
    ...platform,
  });
  await serve({
    name: 'notifier',
    platform,
    http: config,
    modules: [
      PlatformModule.forRoot(platform),
      EventLogModule.forRoot(log),
      PersistenceModule.forRoot(database),
      NotifierModule.forRoot(config),
    ],
    strategy: new LogStrategy(log),
    closing: async () => {
      await log.close();
      await database.close();
    },
  });
});
