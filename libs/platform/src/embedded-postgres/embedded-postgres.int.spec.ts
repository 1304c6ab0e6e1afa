import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataFolderBusyError } from '../data-folder/data-folder.ts';
import type { EmbeddedPostgres } from './embedded-postgres.ts';
import { processesOf, query, ServerTrial } from './server-trial.contract.ts';

const trial = new ServerTrial();

afterAll(() => trial.close());

/** Resolves when another client is in the midst of its statement. */
async function untilAsleep(url: string): Promise<void> {
  const asleep = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
  while ((await query(url, asleep)).length === 0);
}

function postmasterOf({ clusterFolder }: EmbeddedPostgres): number {
  return Number(readFileSync(path.join(clusterFolder, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

describe('the embedded PostgreSQL while it runs', () => {
  const dataFolder = trial.newFolder();
  let server: EmbeddedPostgres;

  beforeAll(async () => {
    server = await trial.start({ dataFolder });
  });

  it('lies in the data folder, with nothing in it that others could read', () => {
    expect(server.clusterFolder).toBe(path.join(realpathSync(dataFolder), 'postgres'));
    expect(server.notices).toEqual([]);
    expect(statSync(dataFolder).mode & 0o067).toBe(0);
    expect(statSync(server.clusterFolder).mode & 0o077).toBe(0);
    expect(statSync(path.join(dataFolder, 'postgres-password')).mode & 0o777).toBe(0o600);
    expect(existsSync(`${server.clusterFolder}.new`)).toBe(false);
  });

  it('knows text as UTF-8, letters beyond ASCII included, and the time as UTC', async () => {
    const facts =
      "SELECT lower('ÄÖ') AS lower, 'Z' < 'a' AS by_code, current_setting('TimeZone') AS zone, current_setting('server_encoding') AS encoding";
    expect(await query(server.url, facts)).toEqual([
      { lower: 'äö', by_code: true, zone: 'UTC', encoding: 'UTF8' },
    ]);
  });

  it('lets in nobody without the password', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'guessed';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('is refused to a second starter, and goes on running', async () => {
    await expect(trial.start({ dataFolder })).rejects.toThrow(DataFolderBusyError);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('the embedded PostgreSQL from start to end', () => {
  // One folder for all: every test also begins with what the one before did to it.
  const dataFolder = trial.newFolder();

  it('keeps its data from one start to the next, and answers only what is on the disk', async () => {
    const first = await trial.start({ dataFolder, fleeting: false });
    await query(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)');
    await first.stop();
    const second = await trial.start({ dataFolder, fleeting: false });
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes', 'autovacuum'])
      expect(await query(second.url, `SHOW ${setting}`)).toEqual([{ [setting]: 'on' }]);
    await second.stop();
  });

  it('stops in order: at once, with clients connected, and leaves no process', async () => {
    const server = await trial.start({ dataFolder });
    const busy = query(server.url, 'SELECT pg_sleep(60)').catch((error: unknown) => String(error));
    await untilAsleep(server.url);
    expect(server.stopping()).toBe(false);
    await Promise.all([server.stop(), server.stop()]);
    expect(server.stopping()).toBe(true);
    expect(processesOf(server.clusterFolder)).toEqual({ shells: [], servers: [] });
    expect(existsSync(path.join(server.clusterFolder, 'postmaster.pid'))).toBe(false);
    expect(await busy).toMatch(/terminating connection|Connection terminated|ECONNRESET/);
  });

  it('says so when it ends by itself, and can then be started again', async () => {
    const server = await trial.start({ dataFolder });
    process.kill(postmasterOf(server), 'SIGKILL');
    expect(await server.exited).toMatchObject({ reason: 'crashed' });
    expect((await server.exited).sentence).toContain('137');
    await server.stop();
    const again = await trial.start({ dataFolder });
    expect(await query(again.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    await again.stop();
  });

  it('says so when somebody else stops it, and not when we do', async () => {
    const server = await trial.start({ dataFolder });
    process.kill(postmasterOf(server), 'SIGINT');
    expect(await server.exited).toMatchObject({ reason: 'stopped-by-others' });
    const again = await trial.start({ dataFolder });
    const exited = again.exited.then(() => 'exited');
    const stopped = again.stop().then(() => 'stopped');
    expect(await Promise.race([exited, stopped])).toBe('stopped');
  });

  it("gives PostgreSQL's own words when it cannot start, and leaves the folder free", async () => {
    const control = path.join(dataFolder, 'postgres', 'global', 'pg_control');
    const kept = readFileSync(control);
    writeFileSync(control, 'not a control file');
    await expect(trial.start({ dataFolder })).rejects.toThrow(
      /^PostgreSQL did not start: [^]*(PANIC|FATAL): /,
    );
    writeFileSync(control, kept);
    const mended = await trial.start({ dataFolder });
    expect(await query(mended.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    await mended.stop();
  });

  it('refuses data of another major version, and data whose password is gone, in a sentence', async () => {
    const version = path.join(dataFolder, 'postgres', 'PG_VERSION');
    const present = readFileSync(version, 'utf8');
    writeFileSync(version, '12\n');
    await expect(trial.start({ dataFolder })).rejects.toThrow(
      /was made by PostgreSQL 12, and this release brings \d+/,
    );
    writeFileSync(version, present);
    rmSync(path.join(dataFolder, 'postgres-password'));
    await expect(trial.start({ dataFolder })).rejects.toThrow(/The password of the database in .* is gone/);
  });

  it('begins anew after a creation that was cut off', async () => {
    const cluster = path.join(dataFolder, 'postgres');
    rmSync(cluster, { recursive: true });
    // Such as it is found: in its own place, and with the version noted before anything else is complete.
    mkdirSync(path.join(`${cluster}.new`, 'cluster'), { recursive: true });
    writeFileSync(path.join(`${cluster}.new`, 'cluster', 'PG_VERSION'), '18\n');
    const anew = await trial.start({ dataFolder });
    expect(await query(anew.url, "SELECT to_regclass('kept') AS kept")).toEqual([{ kept: null }]);
    expect(existsSync(`${cluster}.new`)).toBe(false);
  });
});
