import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { canEnter, type Account } from './account.ts';

/** A place outside the data folder that the server's account can reach. */
export interface OutsideHome {
  readonly folder: string;
  /** Whether the system may clear it away. */
  readonly temporary: boolean;
}

/** Where programs and data of that name go by custom; the parent of every candidate exists on every system we know. */
export function usualHomes(name: string): OutsideHome[] {
  return [
    { folder: path.join('/var/lib', name), temporary: false },
    { folder: path.join(os.tmpdir(), `${name}-${process.getuid?.() ?? 0}`), temporary: true },
  ];
}

/** The first of the places that can be made, that the account can enter, and that nobody else can write. */
export function outsideHome(account: Account | null, homes: readonly OutsideHome[]): OutsideHome {
  const found = homes.find(
    ({ folder }) => isThere(folder) && isOurs(folder, account) && canEnter(account, folder),
  );
  if (found !== undefined) return found;
  throw new Error(
    `There is no folder that ${account?.name ?? 'this user'} could reach and nobody else could write (tried ${homes.map(({ folder }) => folder).join(' and ')}); set HOLTER_DATA_DIR to one, or set DATABASE_URL.`,
  );
}

function isThere(folder: string): boolean {
  try {
    // Made explicitly passable: a strict umask would close it to the account that it is made for.
    if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o755);
    return true;
  } catch {
    return false;
  }
}

/** In a temporary folder anybody could have put a folder of this name there first, with programs of his own in it. */
function isOurs(folder: string, account: Account | null): boolean {
  const found = lstatSync(folder);
  const trusted = found.uid === process.getuid?.() || found.uid === account?.uid;
  return found.isDirectory() && trusted && (found.mode & 0o022) === 0;
}
