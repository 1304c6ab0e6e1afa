// A cluster is used by one server at a time. What an earlier process of ours left on it, after a kill -9 for example, is
// ended here before a new server starts; the lock of the data folder says that no living Holter wants it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { processExists } from '../data-folder/data-folder.ts';
import { errorCode } from '../error-code.ts';

const STOP_LIMIT_MS = 9_000;
const LOOK_EVERY_MS = 50;
const PROCESSES = '/proc';

/** Ends a server that was left on this cluster, waits for its last processes, and removes a note of it that misleads. */
export async function clearCluster(clusterFolder: string, clock: Clock): Promise<void> {
  const folder = realpathSync(clusterFolder);
  const pid = notedPid(folder);
  const isServer = pid !== null && worksIn(pid, folder);
  if (isServer) await endServer(pid, clock);
  // Without its server a connection's process ends by itself, but not at once, and holds the shared memory meanwhile.
  await waitFor(() => processesIn(folder).length === 0, clock);
  // PostgreSQL takes any process of its own user that has the noted number by now for the server, and does not start.
  // After a restarted container that is likely, and it would stay so.
  if (pid !== null && !isServer && existsSync(PROCESSES) && processesIn(folder).length === 0)
    rmSync(path.join(folder, 'postmaster.pid'), { force: true });
}

async function endServer(pid: number, clock: Clock): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!sendSignal(pid, signal)) return;
    await waitFor(() => !processExists(pid), clock);
  }
}

/** False when nobody has the number any more: it may end by itself while we look at it. */
function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    throw error;
  }
}

async function waitFor(isSo: () => boolean, clock: Clock): Promise<void> {
  const giveUpAt = clock.now() + STOP_LIMIT_MS;
  while (!isSo() && clock.now() < giveUpAt) await clock.sleep(LOOK_EVERY_MS);
}

/** The number in the file by which PostgreSQL notes that a server runs. */
function notedPid(clusterFolder: string): number | null {
  const file = path.join(clusterFolder, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return Number.isInteger(pid) && pid > 1 && processExists(pid) ? pid : null;
}

/** The processes of a server in this folder. None, where there is no /proc. */
function processesIn(folder: string): number[] {
  if (!existsSync(PROCESSES)) return [];
  return readdirSync(PROCESSES)
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && worksIn(pid, folder));
}

/** Whether it is a postgres that works in this very folder, as all do on their cluster; a recycled number is not ours. */
function worksIn(pid: number, folder: string): boolean {
  try {
    const command = readFileSync(`${PROCESSES}/${pid}/cmdline`, 'utf8');
    return command.includes('postgres') && readlinkSync(`${PROCESSES}/${pid}/cwd`) === folder;
  } catch {
    if (existsSync(PROCESSES)) return false;
  }
  const command = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  return command.includes('postgres') && command.includes(folder);
}
