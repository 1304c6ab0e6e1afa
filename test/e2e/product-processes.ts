// Which processes belong to a data folder, asked of the system and not of the product. Needs Linux's /proc.
import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from '#platform';
import { namesIn } from './machine.ts';

const LOOK_EVERY_MS = 20;

/** Where the database of a data folder lies: in it, or where its note points to. */
export function clusterFolderOf(dataFolder: string): string {
  const note = path.join(dataFolder, 'postgres-elsewhere.json');
  if (!existsSync(note)) return path.join(dataFolder, 'postgres');
  const { clusterFolder } = JSON.parse(readFileSync(note, 'utf8')) as { clusterFolder: string };
  return clusterFolder;
}

/** The process that has the data folder now, or null. */
export function holderOf(dataFolder: string): number | null {
  return holdersIn(path.join(dataFolder, 'lock')).find((pid) => isRunning(pid)) ?? null;
}

/** Every lock on a data folder or its database that somebody has, or had until he was killed. */
export function locksOn(dataFolder: string): string[] {
  const places = [path.join(dataFolder, 'lock'), path.join(dataFolder, 'postgres-lock')];
  return [...places, `${clusterFolderOf(dataFolder)}-lock`].filter((place) => holdersIn(place).length > 0);
}

function holdersIn(place: string): number[] {
  return namesIn(place)
    .filter((name) => name.startsWith('held.'))
    .map((name) => Number(name.split('.')[1]));
}

/** The processes that work in a folder or were started with its name: of a cluster, the server and all its own. */
export function processesOf(folder: string): number[] {
  const real = existsSync(folder) ? realpathSync(folder) : folder;
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && isRunning(pid))
    .filter((pid) => {
      const names = [tellOf(() => readlinkSync(`/proc/${pid}/cwd`)), commandOf(pid)];
      return names.some((name) => name.includes(folder) || name.includes(real));
    });
}

/** False for a process that ended, though its parent did not ask for its status yet. */
export function isRunning(pid: number): boolean {
  const stat = tellOf(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat !== '' && stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
}

/** Sends kill -9 to all of them at once and waits until the last is gone. */
export async function killAll(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') throw error;
    }
  }
  await goneWithin(() => pids.filter((pid) => isRunning(pid)), 5_000);
}

/** Resolves with the time it took until nobody was left; fails, naming who is, when that takes too long. */
export async function goneWithin(left: () => readonly number[], limitMs: number): Promise<number> {
  const beganAt = Date.now();
  for (;;) {
    const pids = left();
    if (pids.length === 0) return Date.now() - beganAt;
    if (Date.now() - beganAt > limitMs)
      throw new Error(`Still there after ${limitMs} ms: ${pids.map(commandOf).join(' | ')}`);
    await wait(LOOK_EVERY_MS);
  }
}

function commandOf(pid: number): string {
  return tellOf(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
}

/** Processes end while we look at them, and some are none of our business. */
function tellOf(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
