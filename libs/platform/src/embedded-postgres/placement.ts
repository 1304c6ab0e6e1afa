import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { writeWhole } from '../data-folder/data-folder.ts';
import type { Account } from './account.ts';
import {
  binariesIn,
  canRun,
  completeLinks,
  packagedBinaries,
  placeBinaries,
  type Binaries,
} from './binaries.ts';

export interface Placement {
  readonly binaries: Binaries;
  readonly clusterFolder: string;
  /** Sentences for the operator about anything that does not lie where one would look for it. */
  readonly notices: readonly string[];
}

const POINTER_FILE = 'postgres-elsewhere.json';
const OUTSIDE_HOME = '/var/lib/holter';

/**
 * Decides where the server's programs and its data lie, so that the account it runs as can reach them. Usually that is
 * node_modules and the data folder. Under a folder that only root can read, both go to /var/lib/holter, and the data
 * folder remembers where.
 */
export function placeServer(dataFolder: string, account: Account | null): Placement {
  const packaged = packagedBinaries();
  completeLinks(packaged.folder);
  const notices: string[] = [];
  let binaries = binariesIn(packaged.folder, packaged.version);
  if (!canRun(binaries.postgres, account)) {
    const placed = placeBinaries(packaged.folder, packaged.version, outsideHome());
    binaries = binariesIn(placed, packaged.version);
    if (!canRun(binaries.postgres, account)) {
      throw new Error(
        `PostgreSQL at ${binaries.postgres} cannot be started${account ? ` as ${account.name}` : ''}; set DATABASE_URL to use a server of your own.`,
      );
    }
    notices.push(
      `PostgreSQL's programs were copied to ${placed}, because ${account?.name ?? 'this user'} cannot reach ${packaged.folder}.`,
    );
  }
  const clusterFolder = placeCluster(dataFolder, account, notices);
  return { binaries, clusterFolder, notices };
}

function placeCluster(dataFolder: string, account: Account | null, notices: string[]): string {
  const inside = path.join(dataFolder, 'postgres');
  const elsewhere = readPointer(dataFolder);
  if (account !== null) letThrough(dataFolder);
  if (elsewhere === null && makeReachable(inside, account)) return inside;
  const folder = elsewhere ?? path.join(outsideHome(), `data-${randomBytes(8).toString('hex')}`);
  if (!makeReachable(folder, account)) {
    throw new Error(
      `${account?.name ?? 'This user'} cannot reach ${folder}; set HOLTER_DATA_DIR to a folder that it can read, or DATABASE_URL.`,
    );
  }
  if (elsewhere === null)
    writeWhole(path.join(dataFolder, POINTER_FILE), JSON.stringify({ clusterFolder: folder }));
  const fleeting = folder.startsWith(os.tmpdir())
    ? ' That is a temporary folder: it may vanish when the machine restarts.'
    : '';
  notices.push(
    `The database lies in ${folder}, because PostgreSQL runs as ${account?.name ?? 'another user'}, who cannot read ${dataFolder}.${fleeting}`,
  );
  return folder;
}

/**
 * Lets other accounts walk through the data folder, though not look into it: everything in it is readable by its owner
 * alone. Without this the server could not reach its own cluster there.
 */
function letThrough(dataFolder: string): void {
  if (statSync(dataFolder).uid === process.getuid?.()) chmodSync(dataFolder, 0o711);
}

/** Creates the folder for the account, and answers whether the account can really enter it. */
function makeReachable(folder: string, account: Account | null): boolean {
  mkdirSync(path.dirname(folder), { recursive: true });
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  if (account === null) return true;
  chownSync(folder, account.uid, account.gid);
  const probe = spawnSync('/bin/sh', ['-c', 'cd "$1" && pwd -P >/dev/null && ls -d "$1"', 'sh', folder], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    stdio: 'ignore',
  });
  return probe.status === 0;
}

function readPointer(dataFolder: string): string | null {
  try {
    const parsed: { clusterFolder?: string } = JSON.parse(
      readFileSync(path.join(dataFolder, POINTER_FILE), 'utf8'),
    );
    return parsed.clusterFolder ?? null;
  } catch {
    return null;
  }
}

/** The system's place for our files, or the temporary folder where that cannot be written. */
function outsideHome(): string {
  try {
    mkdirSync(OUTSIDE_HOME, { recursive: true, mode: 0o755 });
    return OUTSIDE_HOME;
  } catch {
    return path.join(os.tmpdir(), 'holter');
  }
}
