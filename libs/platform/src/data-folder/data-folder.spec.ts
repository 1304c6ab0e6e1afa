import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DataFolderBusyError, lockDataFolder } from './data-folder.ts';
import { startTypeScript, type TypeScriptChild } from './typescript-child.contract.ts';

// Says "ready", waits for a line, tries to lock the folder, says how it went, and stays until it is ended.
const LOCKER = `
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { lockDataFolder } from ${JSON.stringify(new URL('./data-folder.ts', import.meta.url).href)};
const input = createInterface({ input: process.stdin });
console.log('ready');
const [folder] = await once(input, 'line');
try {
  lockDataFolder(folder);
  console.log('won');
} catch (error) {
  console.log(error.name + ' ' + error.message);
}
`;
const STARTERS = 6;

const parent = mkdtempSync(path.join(os.tmpdir(), 'data-folder-'));
let made = 0;
const children: TypeScriptChild[] = [];

function newFolder(): string {
  made += 1;
  return path.join(parent, String(made), 'deep');
}

function startLocker(): TypeScriptChild {
  const child = startTypeScript(LOCKER);
  children.push(child);
  return child;
}

/** The answers of processes that are all loaded before the first is told to go. */
async function raceFor(folder: string): Promise<string[]> {
  const lockers = Array.from({ length: STARTERS }, startLocker);
  await Promise.all(lockers.map((each) => each.nextLine()));
  for (const each of lockers) each.say(folder);
  return await Promise.all(lockers.map((each) => each.nextLine()));
}

async function lockAndDie(folder: string): Promise<number> {
  const holder = startLocker();
  await holder.nextLine();
  holder.say(folder);
  expect(await holder.nextLine()).toBe('won');
  await holder.kill9();
  return holder.process.pid ?? 0;
}

afterEach(async () => {
  await Promise.all(children.splice(0).map((each) => each.kill9()));
  rmSync(parent, { recursive: true, force: true });
});

describe('the lock on a data folder', () => {
  it('creates a folder that only its owner can read', () => {
    const folder = newFolder();
    lockDataFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('refuses a second holder and names the first', () => {
    const folder = newFolder();
    lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(DataFolderBusyError);
    expect(() => lockDataFolder(folder)).toThrow(`process ${process.pid};`);
  });

  it('is free again after its release, however often that is repeated', () => {
    const folder = newFolder();
    const first = lockDataFolder(folder);
    first.release();
    const second = lockDataFolder(folder);
    first.release();
    expect(() => lockDataFolder(folder)).toThrow(DataFolderBusyError);
    second.release();
    expect(lockDataFolder(folder)).toBeDefined();
  });

  it('lets exactly one of many simultaneous starters win', async () => {
    const answers = await raceFor(newFolder());
    expect(answers.filter((each) => each === 'won')).toHaveLength(1);
    expect(answers.filter((each) => each.startsWith('DataFolderBusyError'))).toHaveLength(STARTERS - 1);
  });

  it('goes to exactly one of many starters when its holder was killed', async () => {
    const folder = newFolder();
    await lockAndDie(folder);
    const answers = await raceFor(folder);
    expect(answers.filter((each) => each === 'won')).toHaveLength(1);
    expect(answers.filter((each) => each.startsWith('DataFolderBusyError'))).toHaveLength(STARTERS - 1);
  });

  it('names the process that holds it to another process', async () => {
    const folder = newFolder();
    lockDataFolder(folder);
    const other = startLocker();
    await other.nextLine();
    other.say(folder);
    expect(await other.nextLine()).toContain(`is in use by process ${process.pid};`);
  });

  // Only where the system tells when a process was born can a reused number be recognised.
  if (process.platform === 'linux') {
    it('is taken from a holder whose number was given to another process since', () => {
      const folder = newFolder();
      lockDataFolder(folder);
      const lock = path.join(folder, 'lock');
      const [token = ''] = readdirSync(lock);
      const [word, , birth = '', nonce] = token.split('.');
      // As a restarted container sees it: number 1 is alive, but it is not the number 1 of then.
      renameSync(
        path.join(lock, token),
        path.join(lock, [word, 1, birth.replace(/^./, 'x'), nonce].join('.')),
      );
      expect(lockDataFolder(folder)).toBeDefined();
    });
  }

  it('is found again after somebody emptied it', () => {
    const folder = newFolder();
    mkdirSync(path.join(folder, 'lock'), { recursive: true });
    expect(lockDataFolder(folder)).toBeDefined();
    expect(() => lockDataFolder(folder)).toThrow(DataFolderBusyError);
  });

  it('says in a sentence that the folder cannot be written', () => {
    const folder = newFolder();
    mkdirSync(path.dirname(folder), { recursive: true });
    writeFileSync(folder, 'a file where the folder should be');
    expect(() => lockDataFolder(folder)).toThrow(/^The data folder .* cannot be written \(\w+\); start as /);
  });
});
