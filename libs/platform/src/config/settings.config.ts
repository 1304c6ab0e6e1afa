import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { errorMessage } from '../error-code.ts';
import { parseCidrList } from '../outbound/cidr.ts';

/** One environment variable: what it means to an operator, and how its text becomes a value. */
export interface Setting<T> {
  readonly meaning: string;
  /** As printed in the reference; null when there is none. */
  readonly byDefault: string | null;
  /** May also be given as `<name>_FILE`, and is never printed. */
  readonly secret?: boolean;
  readonly schema: z.ZodType<T>;
}

const setting = <T>(one: Setting<T>): Setting<T> => one;

const portNumber = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
  .transform(Number)
  .refine((port) => port <= 65_535, 'must be a port number from 0 to 65535');

const positiveCount = (max: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/, `must be a whole number from 1 to ${max}`)
    .transform(Number)
    .refine((count) => count <= max, `must be a whole number from 1 to ${max}`);

const httpUrl = z
  .string()
  .refine(
    (text) => /^https?:\/\/[^\s/]+/.test(text) && URL.canParse(text),
    'must be an address such as https://holter.example.org',
  )
  .transform((text) => text.replace(/\/+$/, ''));

const cidrList = z.string().transform((text, context) => {
  try {
    parseCidrList(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: `is not a list of networks: ${errorMessage(error)}` });
  }
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
});

/** Every variable that any part of Holter knows; a `HOLTER_` variable that is not here is an error at start. */
export const SETTINGS = {
  HOLTER_PORT: setting({
    meaning: 'HTTP port. When it is not set and 8080 is taken, the next free one is used and said.',
    byDefault: '8080',
    schema: portNumber.optional(),
  }),
  HOLTER_HOST: setting({
    meaning: 'Listening address.',
    byDefault: '127.0.0.1 standalone, 0.0.0.0 for the services',
    schema: z.string().min(1).optional(),
  }),
  HOLTER_DATA_DIR: setting({
    meaning: 'Folder for the embedded PostgreSQL, keys and what an ingest must remember.',
    byDefault: '.holter in the working directory',
    schema: z.string().min(1).default('.holter'),
  }),
  DATABASE_URL: setting({
    meaning: 'PostgreSQL, as postgres://user:password@host:port/database. Set: nothing embedded is started.',
    byDefault: null,
    secret: true,
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
      .optional(),
  }),
  KAFKA_BROKERS: setting({
    meaning: 'Kafka brokers as a list of host:port. Set: the log is Kafka.',
    byDefault: null,
    schema: z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      )
      .refine(
        (brokers) =>
          brokers.length > 0 &&
          brokers.every(
            (broker) => /^[^\s:]+:\d{1,5}$/.test(broker) || /^\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(broker),
          ),
        'must be a list such as kafka-1:9092,kafka-2:9092',
      )
      .optional(),
  }),
  HOLTER_ADMIN_KEY: setting({
    meaning: 'Operator key: may create projects. At least 16 characters.',
    byDefault: 'random, kept in the data folder, printed once',
    secret: true,
    schema: z.string().min(16, 'must have at least 16 characters').max(200).optional(),
  }),
  HOLTER_PUBLIC_URL: setting({
    meaning: 'Address printed in ping URLs, feeds and links. Set: the dashboard always asks for a key.',
    byDefault: 'from host and port',
    schema: httpUrl.optional(),
  }),
  HOLTER_ALLOW_PRIVATE_NETWORKS: setting({
    meaning:
      'CIDR list that outbound webhooks may reach although private, for example 10.0.0.0/8,127.0.0.1/32.',
    byDefault: 'none',
    schema: cidrList.default([]),
  }),
  HOLTER_TRUSTED_PROXIES: setting({
    meaning: 'CIDR list of proxies whose X-Forwarded-* headers are believed.',
    byDefault: 'loopback',
    schema: cidrList.default(['127.0.0.0/8', '::1/128']),
  }),
  HOLTER_PARTITIONS: setting({
    meaning: 'Partitions of the log. Fixed at the first start of an installation.',
    byDefault: '4 standalone, 16 for the services',
    schema: positiveCount(1_024).optional(),
  }),
  HOLTER_PING_BODY_LIMIT: setting({
    meaning: "Bytes kept of a ping's body; of a longer one, its head and its tail.",
    byDefault: '100000',
    schema: positiveCount(1_000_000).default(100_000),
  }),
  HOLTER_LOG_LEVEL: setting({
    meaning: "Least level of the process's own log: debug, info, warn, error or silent.",
    byDefault: 'info',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;
export type SettingValue<N extends SettingName> = z.infer<(typeof SETTINGS)[N]['schema']>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the environment, as sentences; shown together, then the process exits with 1. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** The environment of this process; the one place where it is read. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * Parses the named settings. An empty text counts as not set. Throws `ConfigurationError` with every problem at
 * once: values that do not fit, and `HOLTER_` variables that no part of Holter knows.
 */
export function parseSettings<N extends SettingName>(
  names: readonly N[],
  environment: Environment,
): { readonly [K in N]: SettingValue<K> } {
  const problems = unknownVariables(environment);
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of names) {
    const one: Setting<unknown> = SETTINGS[name];
    const text = textOf(name, one, environment, problems);
    const result = one.schema.safeParse(text);
    if (result.success) values[name] = result.data;
    else problems.push(`${name} ${result.error.issues[0]?.message ?? 'is not valid'}.`);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return values as { readonly [K in N]: SettingValue<K> };
}

function textOf(
  name: string,
  one: Setting<unknown>,
  environment: Environment,
  problems: string[],
): string | undefined {
  const direct = environment[name];
  const file = one.secret ? environment[`${name}_FILE`] : undefined;
  if (file === undefined || file === '') return direct === '' ? undefined : direct;
  if (direct !== undefined && direct !== '') {
    problems.push(`Both ${name} and ${name}_FILE are set; keep one of them.`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    problems.push(`${name}_FILE names ${file}, which cannot be read.`);
    return undefined;
  }
}

function unknownVariables(environment: Environment): string[] {
  const known = new Set<string>();
  for (const [name, one] of Object.entries<Setting<unknown>>(SETTINGS)) {
    known.add(name);
    if (one.secret) known.add(`${name}_FILE`);
  }
  return Object.keys(environment)
    .filter((name) => name.startsWith('HOLTER_') && !known.has(name))
    .map((name) => `${name} is not a variable that Holter knows; see .env.example for those that are.`);
}
