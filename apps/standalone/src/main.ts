import { createServicePlatform, processEnvironment, runMain } from '#platform';
import { parseStandaloneConfig } from './standalone.config.ts';
import { startStandalone } from './standalone.ts';

runMain(async () => {
  const config = parseStandaloneConfig(processEnvironment());
  const platform = createServicePlatform('holter', config.logLevel);
  await startStandalone(config, platform, (text) => process.stdout.write(text));
});
