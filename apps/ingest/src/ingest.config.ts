import { ConfigurationError, parseSettings, type Environment } from '#platform';

const SERVICE_PARTITIONS = 16;

/** What an ingest service is told by its environment. */
export function parseIngestConfig(environment: Environment) {
  const settings = parseSettings(
    [
      'HOLTER_PORT',
      'HOLTER_HOST',
      'HOLTER_DATA_DIR',
      'HOLTER_PARTITIONS',
      'HOLTER_PING_BODY_LIMIT',
      'HOLTER_TRUSTED_PROXIES',
      'HOLTER_LOG_LEVEL',
      'KAFKA_BROKERS',
    ],
    environment,
  );
  if (settings.KAFKA_BROKERS === undefined) {
    throw new ConfigurationError([
      'KAFKA_BROKERS is missing: the ingest service writes to Kafka; for one box run npm start.',
    ]);
  }
  return {
    port: settings.HOLTER_PORT,
    host: settings.HOLTER_HOST ?? '0.0.0.0',
    dataFolder: settings.HOLTER_DATA_DIR,
    partitions: settings.HOLTER_PARTITIONS ?? SERVICE_PARTITIONS,
    bodyLimit: settings.HOLTER_PING_BODY_LIMIT,
    trustedProxies: settings.HOLTER_TRUSTED_PROXIES,
    logLevel: settings.HOLTER_LOG_LEVEL,
    brokers: settings.KAFKA_BROKERS,
  };
}
