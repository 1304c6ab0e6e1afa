import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { errorCode } from '../error-code.ts';

/**
 * A secret kept in a file for us alone: what is there, or what `create` gives, written whole or not at all. Of two
 * processes that create it at once both get the same.
 */
export function readOrCreateSecret(file: string, create: () => string): { secret: string; created: boolean } {
  const kept = readSecret(file);
  if (kept !== null) return { secret: kept, created: false };
  const secret = create();
  const fresh = writeBeside(file, `${secret}\n`);
  try {
    linkSync(fresh, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const other = readSecret(file);
    if (other !== null) return { secret: other, created: false };
    // What is there is an empty file: a crash before it was written, or a hand that meant to start anew.
    renameSync(fresh, file);
  } finally {
    rmSync(fresh, { force: true });
  }
  syncFolder(path.dirname(file));
  return { secret, created: true };
}

/** Writes a file that is either the old or the new one, whatever happens in between; readable by us alone. */
export function writeWhole(file: string, text: string): void {
  const fresh = writeBeside(file, text);
  try {
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  syncFolder(path.dirname(file));
}

/** What the file says; null when it is not there or empty. */
function readSecret(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function writeBeside(file: string, text: string): string {
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(fresh, text, { mode: 0o600, flag: 'wx', flush: true });
  return fresh;
}

/** A name is on the disk only when its folder is: without this a power cut may undo the rename. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
