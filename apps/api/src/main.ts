import { EventLogModule, LogStrategy, openEventLog } from '#event-log';
import { PersistenceModule, openDatabaseWhenThere } from '#persistence';
import {
  PlatformModule,
  createServicePlatform,
  processEnvironment,
  runMain,
  serve,
  type Listening,
} from '#platform';
import { ApiModule } from './api.module.ts';
import { parseApiConfig } from './api.config.ts';
import { adminKeyOf } from './auth/admin-key.ts';

runMain(async () => {
  const config = parseApiConfig(processEnvironment());
  const platform = createServicePlatform('api', config.logLevel);
  const admin = adminKeyOf(config);
  const database = await openDatabaseWhenThere({
    url: config.databaseUrl,
    applicationName: 'holter-api',
    ...platform,
  });
  const log = await openEventLog({
    place: config,
    partitions: config.partitions,
    clientId: 'holter-api',
    ...platform,
  });
  let listening: Listening | null = null;
  const publicUrl = (): string => config.publicUrl ?? `http://localhost:${listening?.port ?? 0}`;
  await serve({
    name: 'api',
    platform,
    http: config,
    modules: [
      PlatformModule.forRoot(platform),
      EventLogModule.forRoot(log),
      PersistenceModule.forRoot(database),
      ApiModule.forRoot({ adminKey: admin.key, publicUrl, dashboardNeedsKey: true }),
    ],
    strategy: new LogStrategy(log),
    listening: (where) => {
      listening = where;
    },
    closing: async () => {
      await log.close();
      await database.close();
    },
  });
  if (admin.fresh)
    process.stdout.write(`Operator key (shown once, kept in ${config.dataFolder}/admin-key): ${admin.key}\n`);
});
