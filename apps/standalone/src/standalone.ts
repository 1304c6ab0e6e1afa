import path from 'node:path';
import { LogStrategy, POSTGRES_LOG_SCHEMA, openEventLog } from '#event-log';
import { migrationOf, openDatabaseWhenThere, type Database } from '#persistence';
import {
  lockDataFolder,
  serve,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type Listening,
  type Platform,
} from '#platform';
import { adminKeyOf, createFirstProject } from '../../api/src/api.module.ts';
import { greetingText } from './greeting.ts';
import type { StandaloneConfig } from './standalone.config.ts';
import { standaloneModules } from './standalone.module.ts';

const USUAL_PORT = 8080;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** The log's tables belong to the log; they are run with the other migrations of a process that has both. */
export const logMigration = migrationOf('PostgresLog1763900000001', POSTGRES_LOG_SCHEMA);

interface Store {
  readonly databaseUrl: string;
  readonly notices: readonly string[];
  readonly embedded: EmbeddedPostgres | null;
}

/** Starts everything in one process and tells the operator where it is. Everything taken is given back on failure. */
export async function startStandalone(
  config: StandaloneConfig,
  platform: Platform,
  say: (text: string) => void,
): Promise<void> {
  const dataFolder = path.resolve(config.dataFolder);
  const lock = lockDataFolder(dataFolder);
  process.once('exit', () => lock.release());
  const store = await openStore(config, dataFolder, platform);
  try {
    await startOn(store, { ...config, dataFolder }, platform, say);
  } catch (error) {
    await store.embedded?.stop();
    throw error;
  }
}

async function openStore(
  config: StandaloneConfig,
  dataFolder: string,
  { clock, logger }: Platform,
): Promise<Store> {
  if (config.databaseUrl !== undefined)
    return { databaseUrl: config.databaseUrl, notices: [], embedded: null };
  const embedded = await startEmbeddedPostgres({ dataFolder, clock, logger });
  void embedded.exited.then(({ reason, sentence }) => {
    logger.error({ reason }, `${sentence} Holter ends too; start it again to go on where it stopped.`);
    process.exit(1);
  });
  return { databaseUrl: embedded.url, notices: embedded.notices, embedded };
}

async function startOn(
  store: Store,
  config: StandaloneConfig,
  platform: Platform,
  say: (text: string) => void,
): Promise<void> {
  const admin = adminKeyOf(config);
  const database = await openDatabaseWhenThere({
    url: store.databaseUrl,
    applicationName: 'holter',
    migrations: [logMigration],
    ...platform,
  });
  const place =
    config.brokers === undefined ? { databaseUrl: store.databaseUrl } : { brokers: config.brokers };
  const log = await openEventLog({ place, partitions: config.partitions, clientId: 'holter', ...platform });
  let where: Listening | null = null;
  const publicUrl = (): string => config.publicUrl ?? localUrl(where, config.host);
  const served = await serve({
    name: 'standalone',
    platform,
    http: config,
    modules: standaloneModules({
      ...config,
      platform,
      log,
      database,
      adminKey: admin.key,
      publicUrl,
      dashboardNeedsKey: config.publicUrl !== undefined || !LOOPBACK.test(config.host),
    }),
    strategy: new LogStrategy(log),
    listening: (listening) => {
      where = listening;
    },
    closing: async () => {
      await log.close();
      await database.close();
      await store.embedded?.stop();
    },
  });
  const first = await createFirstProject(served.app);
  const { pingUrl, pageUrl } = await firstLinks(database, publicUrl());
  say(
    greetingText({
      url: publicUrl(),
      pingUrl,
      pageUrl,
      dataFolder: config.dataFolder,
      notices: store.notices,
      movedFromPort: served.where.moved ? USUAL_PORT : null,
      operatorKey: admin.fresh ? admin.key : null,
      projectKeys: first === null ? null : { write: first.apiKey, read: first.readKey },
    }),
  );
}

function localUrl(where: Listening | null, host: string): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${where?.port ?? USUAL_PORT}`;
}

/** The check and the page of the first start, as long as they are there. */
async function firstLinks(
  database: Database,
  url: string,
): Promise<{ pingUrl: string | null; pageUrl: string | null }> {
  const { projects, checks, statusPages } = database.repositories;
  const [project] = await projects.list();
  if (project === undefined) return { pingUrl: null, pageUrl: null };
  const tryMe = (await checks.byProject(project.id)).find((check) => check.slug === 'try-me');
  const [page] = await statusPages.byProject(project.id);
  return {
    pingUrl: tryMe === undefined ? null : `${url}/ping/${tryMe.id}`,
    pageUrl: page === undefined ? null : `${url}/status/${page.slug}`,
  };
}
