import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { SystemClock } from '../clock/system-clock.ts';
import { startTypeScript, type TypeScriptChild } from '../data-folder/typescript-child.contract.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded-postgres.ts';

// What the specs of the embedded server have in common: folders and servers that go away with the spec, servers that
// belong to a process of their own, and a look at the machine's processes.

// Starts a server as told, says where it is, and stays until it is ended.
const OWNER = `
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { SystemClock } from ${JSON.stringify(new URL('../clock/system-clock.ts', import.meta.url).href)};
import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./embedded-postgres.ts', import.meta.url).href)};
const input = createInterface({ input: process.stdin });
const [line] = await once(input, 'line');
const { url, clusterFolder } = await startEmbeddedPostgres({ ...JSON.parse(line), clock: new SystemClock() });
console.log(JSON.stringify({ url, clusterFolder }));
`;
const POLL_MS = 25;

export type TrialOptions = Omit<EmbeddedPostgresOptions, 'clock'>;

/** A server that belongs to a process of its own. */
export interface OwnedServer {
  readonly child: TypeScriptChild;
  readonly url: string;
  readonly clusterFolder: string;
}

/** One spec file's servers and folders. */
export class ServerTrial {
  readonly clock = new SystemClock();
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'embedded-postgres-'));
  readonly #servers: EmbeddedPostgres[] = [];
  readonly #children: TypeScriptChild[] = [];
  #folders = 0;

  constructor() {
    // As a folder in /srv would be: others may pass.
    chmodSync(this.folder, 0o755);
  }

  /** The path of a folder that is not there yet. */
  newFolder(): string {
    this.#folders += 1;
    return path.join(this.folder, `data ${this.#folders}`);
  }

  async start(options: TrialOptions): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ fleeting: true, ...options, clock: this.clock });
    this.#servers.push(server);
    return server;
  }

  /** Starts a server from a process of its own, as another user if wanted. */
  async startOwned(
    options: TrialOptions,
    as: { readonly uid?: number; readonly gid?: number } = {},
  ): Promise<OwnedServer> {
    const child = startTypeScript(OWNER, as);
    this.#children.push(child);
    child.say(JSON.stringify({ fleeting: true, ...options }));
    const { url, clusterFolder }: { url: string; clusterFolder: string } = JSON.parse(await child.nextLine());
    return { child, url, clusterFolder };
  }

  /** Resolves when the condition holds; a test's own time limit ends the wait for one that never does. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.clock.sleep(POLL_MS);
  }

  async close(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.kill9()));
    await Promise.all(this.#servers.map((server) => server.stop()));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  }
}

/** The rows that a statement gives. */
export async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The shells that watch over the cluster's server, and the server with all its parts. */
export function processesOf(clusterFolder: string): { shells: number[]; servers: number[] } {
  const running = execFileSync('ps', ['-axwwo', 'pid=,stat=,command='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((found) => found !== null && !(found[2] ?? '').startsWith('Z'))
    .map((found) => ({ pid: Number(found?.[1]), command: found?.[3] ?? '' }));
  const named = running.filter(({ command }) => command.includes(`-D ${clusterFolder} `));
  const shells = named.filter(({ command }) => command.startsWith('/bin/sh'));
  const parts = running.filter(
    (each) => !shells.includes(each) && (named.includes(each) || worksIn(each.pid, clusterFolder)),
  );
  return { shells: shells.map(({ pid }) => pid), servers: parts.map(({ pid }) => pid) };
}

/** The parts of a server have no arguments; where there is no /proc they are not seen, only their parent is. */
function worksIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}
