import { EventLogModule, LogStrategy, openEventLog } from '#event-log';
import { PlatformModule, createServicePlatform, processEnvironment, runMain, serve } from '#platform';
import { parseEvaluatorConfig } from './evaluator.config.ts';
import { EvaluatorModule } from './evaluator.module.ts';

runMain(async () => {
  const config = parseEvaluatorConfig(processEnvironment());
  const platform = createServicePlatform('evaluator', config.logLevel);
  const log = await openEventLog({
    place: config,
    partitions: config.partitions,
    clientId: 'holter-evaluator',
    ...platform,
  });
  await serve({
    name: 'evaluator',
    platform,
    http: config,
    modules: [PlatformModule.forRoot(platform), EventLogModule.forRoot(log), EvaluatorModule],
    strategy: new LogStrategy(log),
    closing: async () => await log.close(),
  });
});
