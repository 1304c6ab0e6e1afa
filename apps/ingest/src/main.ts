import { EventLogModule, LogStrategy, openEventLog } from '#event-log';
import { PlatformModule, createServicePlatform, processEnvironment, runMain, serve } from '#platform';
import { parseIngestConfig } from './ingest.config.ts';
import { IngestModule } from './ingest.module.ts';

runMain(async () => {
  const config = parseIngestConfig(processEnvironment());
  const platform = createServicePlatform('ingest', config.logLevel);
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
