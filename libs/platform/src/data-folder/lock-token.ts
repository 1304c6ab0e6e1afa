import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode } from '../error-code.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

// A lock that survives kill -9 must be taken from the dead, and taking is where file locks go wrong: two starters see
// the same dead holder, and the slower one removes the lock that the faster one has just taken. Here there is nothing to
// remove. A folder holds exactly one file, the token, whose name says who has it; taking it is renaming it, and of all
// who rename the same name one succeeds. Names are never used twice, so nobody can take a token he has not looked at.

const FREE = 'free';

/** The lock, or the number of the process that has it. */
export type LockAnswer =
  { readonly taken: true; readonly release: () => void } | { readonly taken: false; readonly holder: number };

/** Takes the lock that the folder `place` stands for, if it is free or its holder is gone. */
export function takeLock(place: string): LockAnswer {
  const own = nameFor(ownIdentity());
  for (;;) {
    const tokens = tokensIn(place);
    const holder = tokens.map(holderOf).find((each) => each !== null && isAlive(each));
    if (holder !== undefined && holder !== null) return { taken: false, holder: holder.pid };
    const [token] = tokens;
    if (token === undefined) makeToken(place);
    else if (renamed(path.join(place, token), path.join(place, own))) {
      return { taken: true, release: () => void renamed(path.join(place, own), path.join(place, FREE)) };
    }
  }
}

/**
 * A folder appears with its token already in it. That one of two who come first makes it follows from rename(2), which
 * replaces an empty folder but never one with something in it.
 */
function makeToken(place: string): void {
  removeEmpty(place);
  const fresh = mkdtempSync(`${place}-`);
  writeFileSync(path.join(fresh, FREE), '', { mode: 0o600 });
  try {
    renameSync(fresh, place);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** Somebody may have emptied the folder by hand. One that only looked empty, in the middle of a rename, stays. */
function removeEmpty(place: string): void {
  try {
    rmdirSync(place);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  }
}

function tokensIn(place: string): string[] {
  try {
    return readdirSync(place).filter((name) => name === FREE || holderOf(name) !== null);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function nameFor({ pid, birth }: ProcessIdentity): string {
  return `held.${pid}.${birth ?? ''}.${randomBytes(6).toString('hex')}`;
}

function holderOf(name: string): ProcessIdentity | null {
  const [word, pid, birth] = name.split('.');
  if (word !== 'held' || birth === undefined || !/^[1-9][0-9]*$/.test(pid ?? '')) return null;
  return { pid: Number(pid), birth: birth === '' ? null : birth };
}
