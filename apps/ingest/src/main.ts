import path from 'node:path';
import { EventLogModule, LogStrategy, openEventLog } from '#event-log';
import {
  PlatformModule,
  createServicePlatform,
  lockDataFolder,
  processEnvironment,
  runMain,
  serve,
} from '#platform';
import { parseIngestConfig } from './ingest.config.ts';
import { IngestModule } from './ingest.module.ts';

runMain(async () => {
  const config = parseIngestConfig(processEnvironment());
  const platform = createServicePlatform('ingest', config.logLevel);
  // Two ingests with one name in the log would end each other.
  const lock = lockDataFolder(path.resolve(config.dataFolder));
  process.once('exit', () => lock.release());
  const log = await openEventLog({
    place: config,
    partitions: config.partitions,
    clientId: 'holter-ingest',
    ...platform,
  });
  const { dataFolder, bodyLimit } = config;
  await serve({
    name: 'ingest',
    platform,
    http: config,
    modules: [
      PlatformModule.forRoot(platform),
      EventLogModule.forRoot(log),
      IngestModule.forRoot({ dataFolder, bodyLimit }),
    ],
    strategy: new LogStrategy(log),
    closing: async () => await log.close(),
  });
});
