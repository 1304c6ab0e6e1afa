import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { isKnown, isRunning } from '../data-folder/process-identity.ts';

// What an earlier start left behind. PostgreSQL notes its process number in the data and refuses to start while a
// process of that number exists. Two cases are beyond it: its server still runs, because whoever would have ended it was
// killed too; and the number was given to another process since, which is the rule in a restarted container.

const STOP_LIMIT_MS = 8_000;
const QUIT_LIMIT_MS = 4_000;
const POLL_MS = 50;

/** Above every limit that Linux (4194304) and macOS (99999) put on process numbers, so no process ever has it. */
const NOBODYS_PID = 2_147_483_646;

/** Makes the way free for a server on this cluster. The caller holds the lock, so what is there belongs to nobody alive. */
export async function clearOrphan(clusterFolder: string, clock: Clock): Promise<void> {
  const pid = notedPid(clusterFolder);
  if (pid === null || !isKnown(pid)) return;
  if (!isRunning(pid)) return disown(clusterFolder);
  const ours = isServerOf(pid, clusterFolder);
  if (ours === false) return disown(clusterFolder);
  if (ours === true) await endServer(pid, clusterFolder, clock);
}

async function endServer(pid: number, clusterFolder: string, clock: Clock): Promise<void> {
  for (const [signal, limitMs] of [
    ['SIGINT', STOP_LIMIT_MS],
    ['SIGQUIT', QUIT_LIMIT_MS],
    ['SIGKILL', QUIT_LIMIT_MS],
  ] as const) {
    // Asked again before each signal: the number may have gone to somebody else.
    if (!isRunning(pid) || isServerOf(pid, clusterFolder) !== true) break;
    process.kill(pid, signal);
    const giveUpAt = clock.monotonic() + limitMs;
    while (isRunning(pid) && clock.monotonic() < giveUpAt) await clock.sleep(POLL_MS);
  }
  if (isKnown(pid) && !isRunning(pid) && existsSync(pidFile(clusterFolder))) disown(clusterFolder);
}

/**
 * Puts a number that nobody has in the place of one that is not the server's. The rest stays: by it PostgreSQL finds out
 * whether a part of the old server still uses the memory they shared, which is its last protection of the data.
 */
function disown(clusterFolder: string): void {
  const file = pidFile(clusterFolder);
  const [, ...rest] = readFileSync(file, 'utf8').split('\n');
  const { uid, gid, mode } = statSync(file);
  const fresh = `${file}.new`;
  writeFileSync(fresh, [NOBODYS_PID, ...rest].join('\n'), { mode });
  if (process.getuid?.() === 0) chownSync(fresh, uid, gid);
  renameSync(fresh, file);
}

function pidFile(clusterFolder: string): string {
  return path.join(clusterFolder, 'postmaster.pid');
}

function notedPid(clusterFolder: string): number | null {
  if (!existsSync(pidFile(clusterFolder))) return null;
  const pid = Number(readFileSync(pidFile(clusterFolder), 'utf8').split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

/** Whether this process is a server on this cluster; null when the system does not say. */
function isServerOf(pid: number, clusterFolder: string): boolean | null {
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (path.basename(argv[0] ?? '') !== 'postgres') return false;
    return argv[argv.indexOf('-D') + 1] === clusterFolder || workingFolder(pid) === clusterFolder;
  } catch {
    return isServerByPs(pid, clusterFolder);
  }
}

/** A server works in its cluster's folder, under whatever name it was given that. */
function workingFolder(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

/** Where there is no /proc. The blank after the folder keeps `data-1` apart from `data-10`. */
function isServerByPs(pid: number, clusterFolder: string): boolean | null {
  const { status, stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  if (status !== 0) return null;
  return /(?:^|\/)postgres /.test(stdout) && `${stdout.trim()} `.includes(`-D ${clusterFolder} `);
}
