import { parseCidrList, parseSettings, type Environment } from '#platform';

/** One box needs no more, and each costs a little even when idle. */
const STANDALONE_PARTITIONS = 4;
const SERVICE_PARTITIONS = 16;

const NAMES = [
  'HOLTER_PORT',
  'HOLTER_HOST',
  'HOLTER_DATA_DIR',
  'HOLTER_PARTITIONS',
  'HOLTER_PING_BODY_LIMIT',
  'HOLTER_ADMIN_KEY',
  'HOLTER_PUBLIC_URL',
  'HOLTER_ALLOW_PRIVATE_NETWORKS',
  'HOLTER_TRUSTED_PROXIES',
  'HOLTER_LOG_LEVEL',
  'DATABASE_URL',
  'KAFKA_BROKERS',
] as const;

/** What the one process of a single box is told by its environment; everything has a default. */
export function parseStandaloneConfig(environment: Environment) {
  const settings = parseSettings(NAMES, environment);
  const usual = settings.KAFKA_BROKERS === undefined ? STANDALONE_PARTITIONS : SERVICE_PARTITIONS;
  return {
    port: settings.HOLTER_PORT,
    host: settings.HOLTER_HOST ?? '127.0.0.1',
    dataFolder: settings.HOLTER_DATA_DIR,
    partitions: settings.HOLTER_PARTITIONS ?? usual,
    bodyLimit: settings.HOLTER_PING_BODY_LIMIT,
    adminKey: settings.HOLTER_ADMIN_KEY,
    publicUrl: settings.HOLTER_PUBLIC_URL,
    allowedNetworks: parseCidrList(settings.HOLTER_ALLOW_PRIVATE_NETWORKS.join(',')),
    trustedProxies: settings.HOLTER_TRUSTED_PROXIES,
    logLevel: settings.HOLTER_LOG_LEVEL,
    databaseUrl: settings.DATABASE_URL,
    brokers: settings.KAFKA_BROKERS,
  };
}

export type StandaloneConfig = ReturnType<typeof parseStandaloneConfig>;
