import { randomBytes } from 'node:crypto';
import net from 'node:net';
import path from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { readOrCreateSecret } from '../data-folder/data-folder.ts';
import type { Account } from './account.ts';
import { CLUSTER_USER as USER, createCluster } from './cluster.ts';
import { clearCluster } from './orphan.ts';
import { isCluster, placeServer, type Placement } from './placement.ts';
import { freePort, startServer, type ServerProcess } from './server-process.ts';

const DATABASE = 'postgres';
const START_LIMIT_MS = 30_000;
const STARTS_TRIED = 5;

/** Small enough for an idle box, and no more than a heartbeat's log needs; durability stays as PostgreSQL has it. */
const SERVER_SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'shared_buffers=48MB',
  'max_connections=60',
  'jit=off',
  'io_method=sync',
  'max_wal_size=256MB',
  'wal_level=minimal',
  'max_wal_senders=0',
  'track_activities=on',
  'autovacuum_naptime=30s',
  'log_min_messages=warning',
  'password_encryption=scram-sha-256',
  'timezone=UTC',
];

export interface EmbeddedPostgres {
  readonly url: string;
  readonly clusterFolder: string;
  readonly notices: readonly string[];
  /** Resolves when the server ends, whoever ended it. */
  readonly exited: Promise<number | null>;
  /** True once `stop` was called: then its end is no surprise. */
  stopping(): boolean;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that came with npm on a cluster in `dataFolder`, creating it the first time. Rejects with a
 * sentence and the server's last words when it does not come up within 30 s.
 */
export async function startEmbeddedPostgres(options: {
  readonly dataFolder: string;
  readonly clock: Clock;
  /** Only for tests: leaves out fsync, which a throw-away cluster does not need. */
  readonly fleeting?: boolean;
}): Promise<EmbeddedPostgres> {
  const placement = placeServer(path.resolve(options.dataFolder));
  try {
    return await startPlaced(placement, options);
  } catch (error) {
    placement.release();
    throw error;
  }
}

async function startPlaced(
  placement: Placement,
  options: { readonly dataFolder: string; readonly clock: Clock; readonly fleeting?: boolean },
): Promise<EmbeddedPostgres> {
  const { account, clusterFolder } = placement;
  const passwordFile = path.join(options.dataFolder, 'postgres-password');
  const { secret: password } = readOrCreateSecret(passwordFile, () => randomBytes(24).toString('hex'));
  if (isCluster(clusterFolder)) await clearCluster(clusterFolder, options.clock);
  else createCluster(placement, password);
  placement.remember();
  const settings = options.fleeting
    ? [...SERVER_SETTINGS, 'fsync=off', 'full_page_writes=off']
    : SERVER_SETTINGS;
  let stopping = false;
  const { server, port } = await startOnFreePort(placement, account, settings, options.clock);
  return {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`,
    clusterFolder,
    notices: placement.notices,
    exited: server.exited,
    stopping: () => stopping,
    stop: async () => {
      stopping = true;
      await server.stop();
      placement.release();
    },
  };
}

/** Between choosing a port and listening on it another program may take it: then another one is tried. */
async function startOnFreePort(
  placement: Placement,
  account: Account | null,
  settings: readonly string[],
  clock: Clock,
): Promise<{ server: ServerProcess; port: number }> {
  for (let tried = 1; ; tried += 1) {
    const port = await freePort();
    const args = [
      '-D',
      placement.clusterFolder,
      '-p',
      String(port),
      ...settings.flatMap((one) => ['-c', one]),
    ];
    const server = startServer(
      { program: placement.binaries.postgres, args, cwd: placement.clusterFolder },
      account,
    );
    const ready = await waitUntilReady(server, port, clock);
    if (ready) return { server, port };
    const lastWords = server.tail();
    await server.stop();
    const portTaken = lastWords.includes('Address already in use');
    if (!portTaken || tried === STARTS_TRIED)
      throw new Error(`PostgreSQL did not start: ${lastWords.trim() || 'it said nothing'}`);
  }
}

/** True once the server greets on its port; false when it ended or took too long. */
async function waitUntilReady(server: ServerProcess, port: number, clock: Clock): Promise<boolean> {
  let gone = false;
  void server.exited.then(() => (gone = true));
  const giveUpAt = clock.now() + START_LIMIT_MS;
  while (!gone && clock.now() < giveUpAt) {
    if (await greets(port)) return !gone;
    await clock.sleep(30);
  }
  return false;
}

/**
 * Sends the first packet of the protocol (protocol 3.0, user, database) and looks at the first letter of the answer:
 * R asks for the password, so the server is up; E is "the database system is starting up".
 */
async function greets(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('data', (data) => end(data[0] === 'R'.charCodeAt(0)));
    socket.once('connect', () => {
      const words = Buffer.from(`user\0${USER}\0database\0${DATABASE}\0\0`, 'utf8');
      const packet = Buffer.alloc(8 + words.length);
      packet.writeInt32BE(packet.length, 0);
      packet.writeInt32BE(196_608, 4);
      words.copy(packet, 8);
      socket.write(packet);
    });
  });
}
