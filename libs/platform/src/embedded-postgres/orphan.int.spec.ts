import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { isRunning } from '../data-folder/process-identity.ts';
import { errorCode } from '../error-code.ts';
import { processesOf, query, ServerTrial } from './server-trial.contract.ts';

const trial = new ServerTrial();
// One folder for all: every test also begins with what the one before did to it.
const dataFolder = trial.newFolder();
const THE_ROW = [{ n: 42 }];

afterAll(() => trial.close());

/** The part that served our last statement may be gone by itself between the look and the signal. */
function killAll(pids: readonly number[]): void {
  for (const pid of pids.filter(isRunning)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') throw error;
    }
  }
}

/** A server of a process of its own, with one row in it that must never get lost. */
async function startWithRow(): ReturnType<ServerTrial['startOwned']> {
  const owned = await trial.startOwned({ dataFolder });
  await query(
    owned.url,
    'CREATE TABLE IF NOT EXISTS kept (n int); DELETE FROM kept; INSERT INTO kept VALUES (42)',
  );
  return owned;
}

/** What the next start finds; it must end without a trace too. */
async function rowsOfNextStart(): Promise<unknown[]> {
  const server = await trial.start({ dataFolder });
  const rows = await query(server.url, 'SELECT n FROM kept');
  await server.stop();
  expect(processesOf(server.clusterFolder)).toEqual({ shells: [], servers: [] });
  return rows;
}

describe('a server whose owner was killed with -9', () => {
  it('ends by itself within seconds', async () => {
    const { child, clusterFolder } = await startWithRow();
    const before = processesOf(clusterFolder);
    expect(before.shells).toHaveLength(2);
    expect(before.servers.length).toBeGreaterThan(0);
    const killedAt = trial.clock.monotonic();
    await child.kill9();
    await trial.until(() => ![...before.shells, ...before.servers].some(isRunning));
    expect(trial.clock.monotonic() - killedAt).toBeLessThan(5_000);
    expect(await rowsOfNextStart()).toEqual(THE_ROW);
  });

  it('ends by itself with a client in the midst of a statement', async () => {
    const { child, url, clusterFolder } = await startWithRow();
    const busy = query(url, 'SELECT pg_sleep(60)').catch(() => 'cut off');
    const before = processesOf(clusterFolder);
    await child.kill9();
    await trial.until(() => ![...before.shells, ...before.servers].some(isRunning));
    expect(await busy).toBe('cut off');
  });

  it('can be started again at once, while the old one is still ending', async () => {
    const { child } = await startWithRow();
    await child.kill9();
    expect(await rowsOfNextStart()).toEqual(THE_ROW);
  });

  it('can be started again when all of it was killed with it', async () => {
    const { child, clusterFolder } = await startWithRow();
    const { shells, servers } = processesOf(clusterFolder);
    killAll([...shells, ...servers]);
    await child.kill9();
    expect(await rowsOfNextStart()).toEqual(THE_ROW);
  });

  it('is stopped by the next start when those who watched over it were killed too', async () => {
    const { child, clusterFolder } = await startWithRow();
    const { shells, servers } = processesOf(clusterFolder);
    killAll(shells);
    await child.kill9();
    expect(servers.some(isRunning)).toBe(true);
    expect(await rowsOfNextStart()).toEqual(THE_ROW);
    expect(servers.some(isRunning)).toBe(false);
  });

  it('is not confused with a process that has its number now', async () => {
    const { child, clusterFolder } = await startWithRow();
    const { shells, servers } = processesOf(clusterFolder);
    killAll([...shells, ...servers]);
    await child.kill9();
    // Of the server's own account: PostgreSQL by itself refuses to start only then.
    const { uid, gid } = statSync(clusterFolder);
    const bystander = spawn('/bin/sleep', ['600'], { uid, gid, stdio: 'ignore' });
    const note = path.join(clusterFolder, 'postmaster.pid');
    const [, ...rest] = readFileSync(note, 'utf8').split('\n');
    writeFileSync(note, [bystander.pid, ...rest].join('\n'));
    expect(await rowsOfNextStart()).toEqual(THE_ROW);
    expect(isRunning(bystander.pid ?? 0)).toBe(true);
    bystander.kill();
  });
});

describe('a server whose supervisor was killed', () => {
  it('is ended, its owner is told, and it can be started again', async () => {
    const server = await trial.start({ dataFolder });
    const { shells, servers } = processesOf(server.clusterFolder);
    killAll(shells);
    expect(await server.exited).toMatchObject({ reason: 'supervisor-killed' });
    expect(servers.some(isRunning)).toBe(false);
    const again = await trial.start({ dataFolder });
    expect(await query(again.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await again.stop();
  });

  it('does not end by a signal that is meant for its owner', async () => {
    const server = await trial.start({ dataFolder });
    const { shells } = processesOf(server.clusterFolder);
    for (const pid of shells) for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.kill(pid, signal);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(processesOf(server.clusterFolder).shells).toEqual(shells);
  });
});
