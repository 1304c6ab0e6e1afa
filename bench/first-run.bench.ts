import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SystemClock } from '#platform';
import type { BenchResult } from './result.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IDLE_SECONDS = 15;

/** From `npm start` (built, fresh data folder) to the printed ping URL, and the memory of all its processes when idle. */
export async function benchFirstRun(): Promise<BenchResult> {
  const clock = new SystemClock();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'holter-bench-'));
  const begunAt = clock.monotonic();
  const child = spawn(process.execPath, [path.join(ROOT, 'scripts/start.mjs')], {
    cwd: ROOT,
    env: { ...process.env, HOLTER_DATA_DIR: path.join(folder, 'data'), HOLTER_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await printed(child, 'curl http');
  const secondsToPingUrl = (clock.monotonic() - begunAt) / 1_000;
  await clock.sleep(IDLE_SECONDS * 1_000);
  const idleMegabytes = familyOf(child.pid ?? 0).reduce((sum, pid) => sum + megabytesOf(pid), 0);
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
  return { ratio: null, figures: { secondsToPingUrl, idleMegabytes } };
}

async function printed(child: ChildProcess, words: string): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes(words)) resolve();
    });
    child.once('exit', () => reject(new Error(`It ended: ${said}`)));
  });
}

/** A process and everything that it started, by /proc. */
function familyOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const family = [root];
  for (const member of family) for (const [pid, parent] of parents) if (parent === member) family.push(pid);
  return family;
}

/** Proportional set size: shared pages counted once over all processes. */
function megabytesOf(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1_024;
  } catch {
    return 0;
  }
}
