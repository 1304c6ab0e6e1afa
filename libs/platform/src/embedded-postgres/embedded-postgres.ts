import { randomBytes } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { makeDataFolder, readOrCreateSecret } from '../data-folder/data-folder.ts';
import { silentLogger, type Logger } from '../logging/logger.ts';
import { proveSwitch, serverAccount } from './account.ts';
import { carrierPackage, findBinaries } from './binaries.ts';
import { noteComplete, placeCluster, type ClusterPlace } from './cluster-place.ts';
import { assertOpenable, initialiseCluster } from './initialise-cluster.ts';
import { clearOrphan } from './orphan.ts';
import { outsideHome, usualHomes } from './outside-home.ts';
import { ServerLock } from './server-lock.ts';
import { isAlarming } from './server-settings.ts';
import { startServer, type ServerPlan } from './start-server.ts';
import type { ProgramEnd } from './supervised-program.ts';

const NAME = 'holter';
const DATABASE = 'postgres';
const PASSWORD_FILE = 'postgres-password';

export interface EmbeddedPostgresOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly logger?: Logger;
  /** For tests: leaves out fsync, which a throw-away cluster does not need. */
  readonly fleeting?: boolean;
  /** Another carrier of PostgreSQL than the npm package for this machine: a folder with package.json and native/. */
  readonly packageFolder?: string;
  /** Instead of /var/lib: where to go when the data folder or the programs are out of the server's reach. */
  readonly outsideFolder?: string;
}

/** Why the server ended although nobody here asked it to. */
export type ServerEndReason = 'crashed' | 'stopped-by-others' | 'supervisor-killed';

export interface ServerEnd {
  readonly reason: ServerEndReason;
  /** For the operator: what happened, with the server's last words. */
  readonly sentence: string;
}

export interface EmbeddedPostgres {
  readonly url: string;
  readonly clusterFolder: string;
  /** Sentences for the operator about data that does not lie where one would look for it. */
  readonly notices: readonly string[];
  /** Resolves when the server has ended by itself, and never after `stop`. */
  readonly exited: Promise<ServerEnd>;
  /** True once `stop` was called. */
  stopping(): boolean;
  /** Ends the server in order, at the latest after 8 s without; resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that came with npm on the cluster of this data folder, creating it the first time. It ends when
 * this process ends, kill -9 included. Rejects with a sentence, and with the server's last words where it had any.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  makeDataFolder(path.resolve(options.dataFolder));
  // By its real name, so that a server left behind is recognised under whatever name the folder was given then.
  const lock = new ServerLock(realpathSync(options.dataFolder));
  try {
    return await startLocked(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(options: EmbeddedPostgresOptions, lock: ServerLock): Promise<EmbeddedPostgres> {
  const { clock, logger = silentLogger, outsideFolder } = options;
  const { dataFolder } = lock;
  const startedAt = clock.monotonic();
  const account = serverAccount(NAME);
  proveSwitch(account);
  const homes =
    outsideFolder === undefined
      ? usualHomes(NAME)
      : [{ folder: path.resolve(outsideFolder), temporary: false }];
  const place = placeCluster({ dataFolder, account, homes });
  lock.addCluster(place.folder);
  const binaries = findBinaries({
    packageFolder: options.packageFolder ?? carrierPackage(),
    account: place.account,
    copyHome: () => (place.account === null ? dataFolder : outsideHome(place.account, homes).folder),
    logger,
  });
  const password = passwordOf(dataFolder, place);
  const plan = { binaries, clusterFolder: place.folder, account: place.account, durable: !options.fleeting };
  await clearOrphan(place.folder, clock);
  if (place.exists) assertOpenable(place.folder, binaries);
  else await initialiseCluster(binaries, { ...plan, folder: place.folder, user: NAME, password }, clock);
  noteComplete(dataFolder);
  const { port, ...running } = await runServer(plan, { clock, logger }, () => lock.release());
  const tookMs = Math.round(clock.monotonic() - startedAt);
  logger.info({ port, clusterFolder: place.folder, tookMs }, 'The embedded PostgreSQL accepts connections.');
  return {
    url: `postgres://${NAME}:${password}@127.0.0.1:${port}/${DATABASE}`,
    clusterFolder: place.folder,
    notices: place.notices,
    ...running,
  };
}

/** The server with its end: asked for, or by itself. Either way the lock goes when the server is really gone. */
async function runServer(
  plan: ServerPlan,
  { clock, logger }: { clock: Clock; logger: Logger },
  release: () => void,
): Promise<Pick<EmbeddedPostgres, 'exited' | 'stop' | 'stopping'> & { port: number }> {
  let accepting = false;
  let stopping = false;
  const { server, port } = await startServer(plan, clock, (line) => {
    // While it starts and stops it refuses connections in alarming words; a failed start quotes them anyway.
    const alarming = accepting && !stopping && isAlarming(line);
    logger[alarming ? 'warn' : 'debug']({}, `PostgreSQL: ${line}`);
  });
  accepting = true;
  const gone = server.ended.then(async (end) => {
    if (end.signal !== null) await clearOrphan(plan.clusterFolder, clock);
    release();
    return end;
  });
  return {
    port,
    exited: new Promise((resolve) => {
      void gone.then((end) => {
        if (!stopping) resolve(describeEnd(end, server.tail()));
      });
    }),
    stopping: () => stopping,
    stop: async () => {
      stopping = true;
      await server.stop();
      await gone;
    },
  };
}

function describeEnd({ status, signal }: ProgramEnd, lastWords: string): ServerEnd {
  if (signal !== null) {
    return {
      reason: 'supervisor-killed',
      sentence: `The process that watches over the embedded PostgreSQL was ended by ${signal}, and PostgreSQL with it.`,
    };
  }
  if (status === 0) {
    return {
      reason: 'stopped-by-others',
      sentence: 'The embedded PostgreSQL was stopped by somebody else.',
    };
  }
  return {
    reason: 'crashed',
    sentence: `The embedded PostgreSQL ended by itself with status ${status}: ${lastWords.trim() || 'it said nothing'}`,
  };
}

/** The password is as old as the cluster, which knows it only as a hash: a new one would not open it. */
function passwordOf(dataFolder: string, place: ClusterPlace): string {
  const file = path.join(dataFolder, PASSWORD_FILE);
  if (place.exists && !existsSync(file)) {
    throw new Error(
      `The password of the database in ${place.folder} is gone; restore ${file}, or remove the database to begin with an empty one.`,
    );
  }
  return readOrCreateSecret(file, () => randomBytes(24).toString('hex')).secret;
}
