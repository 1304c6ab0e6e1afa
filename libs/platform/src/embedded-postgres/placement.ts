// Decides where the server's programs and its data lie, and whom it runs as, so that it can reach them. Usually that is
// node_modules and the data folder. Under a folder that only root can read, both go to /var/lib/holter, and the data
// folder remembers where.
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  statSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { lockDataFolder, writeWhole } from '../data-folder/data-folder.ts';
import { errorCode } from '../error-code.ts';
import { serverAccount, type Account, type Owner } from './account.ts';
import {
  binariesIn,
  canRun,
  completeLinks,
  packagedBinaries,
  placeBinaries,
  type Binaries,
} from './binaries.ts';

export interface Placement {
  readonly account: Account | null;
  readonly binaries: Binaries;
  readonly clusterFolder: string;
  /** Sentences for the operator about anything that does not lie where one would look for it. */
  readonly notices: readonly string[];
  /** Remembers where the cluster lies, once it is there: a start that was cut off leaves no promise behind. */
  remember(): void;
  /** Gives back what keeps two data folders, one of them a copy of the other, from using one cluster at once. */
  release(): void;
}

const POINTER_FILE = 'postgres-elsewhere.json';
const OUTSIDE_HOME = '/var/lib/holter';

/** The cluster's folder within the data folder, or within the folder that takes its place elsewhere. */
const inside = (folder: string): string => path.join(folder, 'postgres');

/** Whether a whole cluster lies there. */
export const isCluster = (folder: string): boolean => existsSync(path.join(folder, 'PG_VERSION'));

/** See above. Throws with a sentence when a cluster is there, or was, and cannot be used: never begins anew beside it. */
export function placeServer(dataFolder: string): Placement {
  const pointer = path.join(dataFolder, POINTER_FILE);
  const remembered = readPointer(pointer);
  const account = serverAccount(ownerOf(inside(remembered ?? dataFolder)));
  const notices: string[] = [];
  const binaries = placedBinaries(account, notices);
  const reachable = remembered === null && canReach(dataFolder, account);
  if (reachable) {
    const nothing = (): void => undefined;
    return {
      account,
      binaries,
      clusterFolder: inside(dataFolder),
      notices,
      remember: nothing,
      release: nothing,
    };
  }
  const folder = remembered ?? path.join(outsideHome(), `data-${randomBytes(8).toString('hex')}`);
  if (remembered !== null && !isCluster(inside(remembered)))
    throw new Error(
      `The database of ${dataFolder} lay in ${remembered} and is not there any more; bring it back, or remove ${pointer} to begin with an empty one.`,
    );
  const lock = lockDataFolder(folder);
  if (!canReach(folder, account)) throw unreachable(inside(folder), account);
  notices.push(elsewhereNotice(folder, dataFolder, account));
  return {
    account,
    binaries,
    clusterFolder: inside(folder),
    notices,
    remember: () => writeWhole(pointer, JSON.stringify({ folder })),
    release: () => lock.release(),
  };
}

function placedBinaries(account: Account | null, notices: string[]): Binaries {
  const packaged = packagedBinaries();
  completeLinks(packaged.folder);
  const usual = binariesIn(packaged.folder, packaged.version);
  if (canRun(usual.postgres, account)) return usual;
  const placed = placeBinaries(packaged.folder, packaged.version, outsideHome());
  const binaries = binariesIn(placed, packaged.version);
  if (!canRun(binaries.postgres, account))
    throw new Error(
      `PostgreSQL at ${binaries.postgres} cannot be started${account ? ` as ${account.name}` : ''}; set DATABASE_URL to use a server of your own.`,
    );
  notices.push(
    `PostgreSQL's programs were copied to ${placed}, because ${account?.name ?? 'this user'} cannot reach ${packaged.folder}.`,
  );
  return binaries;
}

/** Who owns the cluster, or null when there is none. Throws when it is another user's and we are not root. */
function ownerOf(clusterFolder: string): Owner | null {
  if (!existsSync(clusterFolder)) return null;
  const { uid, gid } = statSync(clusterFolder);
  const own = process.getuid?.();
  if (own === 0 || own === undefined) return isCluster(clusterFolder) ? { uid, gid } : null;
  if (uid === own) return { uid, gid };
  throw new Error(
    `The database in ${clusterFolder} belongs to another user (${uid}); start as that one, or set HOLTER_DATA_DIR to another folder.`,
  );
}

/**
 * Answers whether the account can really enter the cluster's folder, which is made for it when it is not there. A
 * cluster that is there already and cannot be reached is an error: an empty one elsewhere would look like its loss.
 */
function canReach(folder: string, account: Account | null): boolean {
  const clusterFolder = inside(folder);
  const isNew = !isCluster(clusterFolder);
  if (isNew) mkdirSync(clusterFolder, { recursive: true, mode: 0o700 });
  if (account === null) return true;
  letThrough(folder);
  if (isNew) chownSync(clusterFolder, account.uid, account.gid);
  const probe = spawnSync('/bin/sh', ['-c', 'cd "$1" && pwd -P && ls -d "$1"', 'sh', clusterFolder], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    stdio: 'ignore',
  });
  if (probe.status === 0) return true;
  if (!isNew) throw unreachable(clusterFolder, account);
  rmdirSync(clusterFolder);
  return false;
}

function unreachable(clusterFolder: string, account: Account | null): Error {
  return new Error(
    `${account?.name ?? 'This user'} cannot reach ${clusterFolder}; let it enter the folders above, set HOLTER_DATA_DIR to a folder that it can enter, or set DATABASE_URL.`,
  );
}

/**
 * Lets other accounts walk through the data folder, though not look into it: its secrets are readable by their owner
 * alone. Without this the server could not reach its own cluster there.
 */
function letThrough(folder: string): void {
  if (statSync(folder).uid === process.getuid?.()) chmodSync(folder, 0o711);
}

function elsewhereNotice(folder: string, dataFolder: string, account: Account | null): string {
  const fleeting = folder.startsWith(os.tmpdir())
    ? ' That is a temporary folder: it may vanish when the machine restarts.'
    : '';
  return `The database lies in ${folder}, because PostgreSQL runs as ${account?.name ?? 'another user'}, who cannot read ${dataFolder}.${fleeting}`;
}

function readPointer(pointer: string): string | null {
  try {
    const parsed: { folder?: string } = JSON.parse(readFileSync(pointer, 'utf8'));
    if (typeof parsed.folder === 'string') return parsed.folder;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    if (errorCode(error) !== null) throw error;
  }
  throw new Error(
    `${pointer} does not say where the database lies; restore that file, or remove it to begin anew.`,
  );
}

/** The system's place for our files, or a temporary folder of ours where that cannot be written. */
function outsideHome(): string {
  try {
    makeOpen(OUTSIDE_HOME);
    return OUTSIDE_HOME;
  } catch {
    const folder = path.join(os.tmpdir(), `holter-${process.getuid?.() ?? 'programs'}`);
    makeOpen(folder);
    // Anybody may have made it there, with programs in it that we would run.
    const { uid } = lstatSync(folder);
    if (process.getuid !== undefined && (uid !== process.getuid() || !lstatSync(folder).isDirectory()))
      throw new Error(`${folder} belongs to another user; remove it, or set DATABASE_URL.`);
    return folder;
  }
}

/** Whatever the umask: a folder that every account can enter. One that is there stays as it is. */
function makeOpen(folder: string): void {
  if (mkdirSync(folder, { recursive: true, mode: 0o755 }) !== undefined) chmodSync(folder, 0o755);
}
