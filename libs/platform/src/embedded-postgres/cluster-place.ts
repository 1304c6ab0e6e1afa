import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, lchownSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../data-folder/secret-file.ts';
import { errorCode } from '../error-code.ts';
import { canEnter, knownAccounts, type Account } from './account.ts';
import { outsideHome, type OutsideHome } from './outside-home.ts';

// Where the data lies. In the data folder, whenever the account that the server runs as can get there. If it cannot
// (root's own folders), outside, and the data folder keeps a pointer, so that the two live and die together. Data that
// was there is never passed over: an empty database in its place would look like a monitor that knows of nothing.

export interface ClusterPlace {
  readonly folder: string;
  /** Whom the server runs as: whoever owns data that is there already. */
  readonly account: Account | null;
  readonly exists: boolean;
  /** Sentences for the operator about data that does not lie where one would look for it. */
  readonly notices: readonly string[];
}

export interface PlaceRequest {
  readonly dataFolder: string;
  readonly account: Account | null;
  readonly homes: readonly OutsideHome[];
}

interface Pointer {
  readonly clusterFolder: string;
  readonly temporary: boolean;
  /** False between the choice of the place and the first complete cluster there. */
  readonly made: boolean;
}

const POINTER_FILE = 'postgres-elsewhere.json';

/** Finds the cluster of this data folder, or chooses the place for a new one. */
export function placeCluster(request: PlaceRequest): ClusterPlace {
  const { dataFolder, account } = request;
  const pointer = readPointer(dataFolder);
  if (pointer !== null) return pointedAt(pointer, request);
  const inside = path.join(dataFolder, 'postgres');
  if (isCluster(inside)) {
    const owner = takeOver(inside, account);
    letThrough(dataFolder, owner);
    if (canEnter(owner, inside)) return { folder: inside, account: owner, exists: true, notices: [] };
    throw new Error(
      `The database lies in ${inside}, and ${owner?.name ?? 'this user'}, the account that PostgreSQL runs as, cannot get there: let it through all folders above, or move ${dataFolder} to where it can go and set HOLTER_DATA_DIR.`,
    );
  }
  letThrough(dataFolder, account);
  if (canEnter(account, dataFolder)) return { folder: inside, account, exists: false, notices: [] };
  const { folder: home, temporary } = outsideHome(account, request.homes);
  const clusterFolder = path.join(home, `data-${randomBytes(8).toString('hex')}`);
  const chosen = { clusterFolder, temporary, made: false };
  writePointer(dataFolder, chosen);
  return {
    folder: clusterFolder,
    account,
    exists: false,
    notices: [whereAndWhy(chosen, dataFolder, account)],
  };
}

/** Notes that the cluster is complete: from now on its absence is a loss and not a beginning. */
export function noteComplete(dataFolder: string): void {
  const pointer = readPointer(dataFolder);
  if (pointer !== null && !pointer.made) writePointer(dataFolder, { ...pointer, made: true });
}

/** Whether a folder holds a cluster; ours appear complete or not at all. A folder closed to us is taken for one. */
function isCluster(folder: string): boolean {
  try {
    statSync(path.join(folder, 'PG_VERSION'));
    return true;
  } catch (error) {
    return errorCode(error) === 'EACCES';
  }
}

function pointedAt(pointer: Pointer, { dataFolder, account }: PlaceRequest): ClusterPlace {
  const { clusterFolder: folder, temporary, made } = pointer;
  const exists = isCluster(folder);
  const lost = made && !exists;
  if (lost && !temporary) {
    throw new Error(
      `The database of ${dataFolder} lay in ${folder} and is gone; restore it, or remove ${path.join(dataFolder, POINTER_FILE)} to begin with an empty one.`,
    );
  }
  const owner = exists ? takeOver(folder, account) : account;
  if (!canEnter(owner, exists ? folder : path.dirname(folder))) {
    throw new Error(
      `The database of ${dataFolder} lies in ${folder}, which ${owner?.name ?? 'this user'} cannot enter; start as the user who started it first.`,
    );
  }
  const notices = [whereAndWhy(pointer, dataFolder, owner)];
  if (lost) notices.unshift(`The database that lay in ${folder} is gone; this is a new, empty one.`);
  return { folder, account: owner, exists, notices };
}

function whereAndWhy(
  { clusterFolder, temporary }: Pointer,
  dataFolder: string,
  account: Account | null,
): string {
  const warning = temporary
    ? ' THIS IS A TEMPORARY FOLDER, and everything may vanish when the machine restarts: set HOLTER_DATA_DIR to a folder that this account can enter.'
    : '';
  return `The database lies in ${clusterFolder} and not in ${dataFolder}, because PostgreSQL does not run as root and ${account?.name ?? 'this user'}, the account it runs as, cannot enter that folder; back up, move or remove the two together.${warning}`;
}

/**
 * Lets the account walk through our data folder, though not look into it; only for a folder that is open to nobody
 * yet, as we make them. The account's group and not everybody gets the right.
 */
function letThrough(dataFolder: string, account: Account | null): void {
  if (account === null) return;
  const found = statSync(dataFolder);
  if (found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0) return;
  chownSync(dataFolder, found.uid, account.gid);
  chmodSync(dataFolder, 0o710);
}

/**
 * As root: data keeps its owner, who is then the one to run as (it was first started by a user, or an account that
 * comes earlier in our order was made since). Data that belongs to root was restored from a copy, and is given to the account.
 */
function takeOver(clusterFolder: string, account: Account | null): Account | null {
  const { uid, gid } = statSync(clusterFolder);
  if (account === null) {
    if (uid === process.getuid?.()) return null;
    throw new Error(
      `The database in ${clusterFolder} belongs to user id ${uid}; start as that user or as root, or set HOLTER_DATA_DIR to another folder.`,
    );
  }
  if (uid !== 0) {
    return knownAccounts().find((each) => each.uid === uid) ?? { name: `user id ${uid}`, uid, gid };
  }
  giveAway(clusterFolder, account);
  chmodSync(clusterFolder, 0o700);
  return account;
}

function giveAway(folder: string, to: Account): void {
  lchownSync(folder, to.uid, to.gid);
  for (const each of readdirSync(folder, { withFileTypes: true })) {
    const found = path.join(folder, each.name);
    if (each.isDirectory()) giveAway(found, to);
    else lchownSync(found, to.uid, to.gid);
  }
}

function readPointer(dataFolder: string): Pointer | null {
  const file = path.join(dataFolder, POINTER_FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  const pointer = pointerIn(text);
  if (pointer !== null) return pointer;
  throw new Error(
    `${file} does not say where the database lies; restore it, or remove it to begin with an empty one.`,
  );
}

function pointerIn(text: string): Pointer | null {
  try {
    const { clusterFolder, temporary, made }: Partial<Pointer> = JSON.parse(text);
    if (typeof clusterFolder !== 'string' || !path.isAbsolute(clusterFolder)) return null;
    return { clusterFolder, temporary: temporary === true, made: made === true };
  } catch {
    return null;
  }
}

function writePointer(dataFolder: string, pointer: Pointer): void {
  writeWhole(path.join(dataFolder, POINTER_FILE), `${JSON.stringify(pointer)}\n`);
}
