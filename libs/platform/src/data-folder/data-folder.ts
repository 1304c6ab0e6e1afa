import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { errorCode } from '../error-code.ts';

/** Another process works in this folder; the message names it. */
export class DataFolderBusyError extends Error {
  override readonly name = 'DataFolderBusyError';
}

interface Holder {
  readonly pid: number;
  /** Tells apart two processes that were given the same number, across restarts of the machine too. */
  readonly birth: string;
}

const LOCK_FILE = 'lock.json';

/**
 * Takes a folder for this process, creating it (readable by us alone) if need be. A lock whose holder is gone
 * (kill -9, a restarted container in which everybody is process 1) is taken over; of two processes that start at
 * once, one wins. Throws `DataFolderBusyError` otherwise.
 */
export function lockDataFolder(folder: string): { release: () => void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = path.join(folder, LOCK_FILE);
  const own = path.join(folder, `lock-${process.pid}-${randomBytes(4).toString('hex')}.json`);
  writeFileSync(own, JSON.stringify({ pid: process.pid, birth: birthOf(process.pid) ?? 'unknown' }), {
    mode: 0o600,
  });
  try {
    for (;;) {
      if (tryLink(own, lock)) return { release: () => rmSync(lock, { force: true }) };
      removeStale(folder, lock);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** link(2) fails when the name exists: the one step that only one process can win. */
function tryLink(own: string, lock: string): boolean {
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead holder's lock aside. By rename, so that a lock that was renewed meanwhile can be put back. */
function removeStale(folder: string, lock: string): void {
  const holder = readHolder(lock);
  if (holder !== null && isAlive(holder)) throw busy(folder, holder);
  const aside = path.join(folder, `stale-${process.pid}-${randomBytes(4).toString('hex')}.json`);
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved !== null && isAlive(moved)) {
    tryLink(aside, lock);
    rmSync(aside, { force: true });
    throw busy(folder, moved);
  }
  rmSync(aside, { force: true });
}

function busy(folder: string, holder: Holder): DataFolderBusyError {
  return new DataFolderBusyError(
    `The data folder ${folder} is in use by process ${holder.pid}; stop that one first, or set HOLTER_DATA_DIR to another folder.`,
  );
}

function readHolder(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  if (!processExists(holder.pid)) return false;
  const birth = birthOf(holder.pid);
  // Without /proc nobody can tell a reused number; believing the lock is the safe side.
  return birth === null || holder.birth === 'unknown' || birth === holder.birth;
}

/** Whether a process of this number runs. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Boot of the machine and start of the process, or null where there is no /proc. */
function birthOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22 counted from after the name, which may hold blanks and brackets itself.
    const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${startedAt}`;
  } catch {
    return null;
  }
}

/** A secret kept in a file for us alone: what is there, or what `create` gives, written whole or not at all. */
export function readOrCreateSecret(file: string, create: () => string): { secret: string; created: boolean } {
  try {
    const secret = readFileSync(file, 'utf8').trim();
    if (secret !== '') return { secret, created: false };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const secret = create();
  writeWhole(file, `${secret}\n`);
  return { secret, created: true };
}

/** Writes a file that is either the old or the new one, whatever happens in between; readable by us alone. */
export function writeWhole(file: string, text: string): void {
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(fresh, text, { mode: 0o600, flush: true });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
}
