import { ConfigurationError, parseSettings, type Environment } from '#platform';

const SERVICE_PARTITIONS = 16;

/** What an API service is told by its environment. */
export function parseApiConfig(environment: Environment) {
  const settings = parseSettings(
    [
      'HOLTER_PORT',
      'HOLTER_HOST',
      'HOLTER_DATA_DIR',
      'HOLTER_PARTITIONS',
      'HOLTER_ADMIN_KEY',
      'HOLTER_PUBLIC_URL',
      'HOLTER_TRUSTED_PROXIES',
      'HOLTER_LOG_LEVEL',
      'DATABASE_URL',
      'KAFKA_BROKERS',
    ],
    environment,
  );
  const problems: string[] = [];
  if (settings.KAFKA_BROKERS === undefined)
    problems.push('KAFKA_BROKERS is missing: the API service reads Kafka; for one box run npm start.');
  if (settings.DATABASE_URL === undefined)
    problems.push('DATABASE_URL is missing: the API keeps its projections in PostgreSQL.');
  if (settings.KAFKA_BROKERS === undefined || settings.DATABASE_URL === undefined)
    throw new ConfigurationError(problems);
  return {
    port: settings.HOLTER_PORT,
    host: settings.HOLTER_HOST ?? '0.0.0.0',
    dataFolder: settings.HOLTER_DATA_DIR,
    partitions: settings.HOLTER_PARTITIONS ?? SERVICE_PARTITIONS,
    adminKey: settings.HOLTER_ADMIN_KEY,
    publicUrl: settings.HOLTER_PUBLIC_URL,
    trustedProxies: settings.HOLTER_TRUSTED_PROXIES,
    logLevel: settings.HOLTER_LOG_LEVEL,
    databaseUrl: settings.DATABASE_URL,
    brokers: settings.KAFKA_BROKERS,
  };
}
