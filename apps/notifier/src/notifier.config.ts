import { CidrListError, ConfigurationError, parseCidrList, parseSettings, type Environment } from '#platform';

const SERVICE_PARTITIONS = 16;

/** What a notifier service is told by its environment. */
export function parseNotifierConfig(environment: Environment) {
  const settings = parseSettings(
    [
      'HOLTER_PORT',
      'HOLTER_HOST',
      'HOLTER_PARTITIONS',
      'HOLTER_ALLOW_PRIVATE_NETWORKS',
      'HOLTER_TRUSTED_PROXIES',
      'HOLTER_LOG_LEVEL',
      'DATABASE_URL',
      'KAFKA_BROKERS',
    ],
    environment,
  );
  const problems: string[] = [];
  if (settings.KAFKA_BROKERS === undefined)
    problems.push('KAFKA_BROKERS is missing: the notifier service reads Kafka; for one box run npm start.');
  if (settings.DATABASE_URL === undefined)
    problems.push('DATABASE_URL is missing: deliveries are kept in PostgreSQL.');
  if (settings.KAFKA_BROKERS === undefined || settings.DATABASE_URL === undefined)
    throw new ConfigurationError(problems);
  return {
    port: settings.HOLTER_PORT,
    host: settings.HOLTER_HOST ?? '0.0.0.0',
    partitions: settings.HOLTER_PARTITIONS ?? SERVICE_PARTITIONS,
    allowedNetworks: allowedNetworksOf(settings.HOLTER_ALLOW_PRIVATE_NETWORKS),
    trustedProxies: settings.HOLTER_TRUSTED_PROXIES,
    logLevel: settings.HOLTER_LOG_LEVEL,
    databaseUrl: settings.DATABASE_URL,
    brokers: settings.KAFKA_BROKERS,
  };
}

/** The networks of `HOLTER_ALLOW_PRIVATE_NETWORKS`, or the configuration's error about them. */
export function allowedNetworksOf(list: readonly string[]) {
  try {
    return parseCidrList(list.join(','));
  } catch (error) {
    if (!(error instanceof CidrListError)) throw error;
    throw new ConfigurationError([`HOLTER_ALLOW_PRIVATE_NETWORKS: ${error.message}`]);
  }
}
