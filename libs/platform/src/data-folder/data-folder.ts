import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { errorCode } from '../error-code.ts';

/** A folder that this process cannot have; the message names it, and who has it. */
export class DataFolderBusyError extends Error {
  override readonly name = 'DataFolderBusyError';
}

interface Holder {
  readonly pid: number;
  /** Tells apart two processes that were given the same number, across restarts of the machine too. */
  readonly birth: string;
}

/** What the system says of a folder that is not ours, or is none; links are missing on FAT (EPERM). */
const UNUSABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

/** The highest number is the lock; those below it are of processes that did not end in order. */
const LOCK_FILE = /^lock-(\d+)\.json$/;

/**
 * Takes a folder for this process, creating it (readable by us alone) if need be. A lock whose holder is gone
 * (kill -9, a restarted container in which everybody is process 1) is taken over by making the next one, never by
 * removing it: a name can be linked by one process only, while a removal could hit the lock of whoever was faster.
 * Throws `DataFolderBusyError` when a living process has it, or when we may not write there.
 */
export function lockDataFolder(folder: string): { release: () => void } {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return takeLock(folder);
  } catch (error) {
    throw explained(folder, error);
  }
}

function takeLock(folder: string): { release: () => void } {
  const claim = path.join(folder, `claim-${process.pid}-${randomBytes(4).toString('hex')}.json`);
  const own: Holder = { pid: process.pid, birth: birthOf(process.pid) ?? 'unknown' };
  // Readable by others: whoever may work in the folder must see whether the holder lives, and it holds no secret.
  writeFileSync(claim, JSON.stringify(own), { mode: 0o644 });
  try {
    for (;;) {
      const newest = Math.max(0, ...locksOf(folder));
      const before = stateOf(folder, newest);
      if (typeof before === 'object') throw busy(folder, before.pid);
      const lock = lockFile(folder, newest + 1);
      if (before === 'gone' || !tryLink(claim, lock)) continue;
      // Between the look and the link another one may have had the lock and released it; then what we took for
      // stale was removed before its own lock, and a third one may hold a lower number by now.
      if (stateOf(folder, newest) === 'stale') return { release: () => release(folder, newest + 1) };
      rmSync(lock, { force: true });
    }
  } finally {
    rmSync(claim, { force: true });
  }
}

const lockFile = (folder: string, number: number): string => path.join(folder, `lock-${number}.json`);

/** The numbers of the locks that lie in the folder, ascending. */
function locksOf(folder: string): number[] {
  const numbers = readdirSync(folder).map((name) => Number(LOCK_FILE.exec(name)?.[1] ?? 0));
  return numbers.filter((number) => number > 0).sort((one, other) => one - other);
}

/** From the lowest to the own, for whoever looks meanwhile: see `takeLock`. */
function release(folder: string, own: number): void {
  if (!existsSync(folder)) return;
  for (const number of locksOf(folder)) if (number <= own) rmSync(lockFile(folder, number), { force: true });
}

/** link(2) fails when the name exists: the one step that only one process can win. */
function tryLink(claim: string, lock: string): boolean {
  try {
    linkSync(claim, lock);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The living holder, or that there is none; number 0 stands for no lock at all. */
function stateOf(folder: string, number: number): Holder | 'stale' | 'gone' {
  if (number === 0) return 'stale';
  try {
    const holder = parseHolder(readFileSync(lockFile(folder, number), 'utf8'));
    return holder !== null && isAlive(holder) ? holder : 'stale';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'gone';
    throw error;
  }
}

/** Null for what a loss of power left half written: its writer is gone. */
function parseHolder(text: string): Holder | null {
  try {
    const holder: Partial<Holder> | null = JSON.parse(text);
    if (!Number.isSafeInteger(holder?.pid) || typeof holder?.birth !== 'string') return null;
    return { pid: Number(holder.pid), birth: holder.birth };
  } catch {
    return null;
  }
}

function busy(folder: string, pid: number): DataFolderBusyError {
  return new DataFolderBusyError(
    `The data folder ${folder} is in use by process ${pid}; stop that one first, or set HOLTER_DATA_DIR to another folder.`,
  );
}

function explained(folder: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === null || !UNUSABLE.has(code)) return error;
  return new DataFolderBusyError(
    `The data folder ${folder} cannot be used (${code}); start as the user whom it belongs to, or set HOLTER_DATA_DIR to another folder.`,
  );
}

function isAlive(holder: Holder): boolean {
  if (!processExists(holder.pid)) return false;
  const birth = birthOf(holder.pid);
  // Without /proc nobody can tell a reused number; believing the lock is the safe side.
  return birth === null || holder.birth === 'unknown' ? processExists(holder.pid) : birth === holder.birth;
}

/** Whether a process of this number runs. One that ended, though nobody asked for its status yet, does not. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false;
  }
  return statOf(pid)?.[0] !== 'Z';
}

/** Boot of the machine and start of the process, or null where there is no /proc. */
function birthOf(pid: number): string | null {
  try {
    const startedAt = statOf(pid)?.[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return startedAt === undefined ? null : `${boot}/${startedAt}`;
  } catch {
    return null;
  }
}

/** The fields of /proc/<pid>/stat from the third on: before it stands the name, with blanks and brackets perhaps. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
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
