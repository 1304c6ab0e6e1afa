import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { canEnter, knownAccounts, serverAccount } from './account.ts';
import { carrierPackage } from './binaries.ts';
import { query, ServerTrial } from './server-trial.contract.ts';

const trial = new ServerTrial();
const isRoot = process.getuid?.() === 0;
const sources = path.dirname(new URL(import.meta.url).pathname);
const nobody = knownAccounts().find(({ name, uid }) => name === 'nobody' && uid > 0);

afterAll(() => trial.close());

/** A folder that only root can enter, with the package in it. */
function newPrivateFolder(): { dataFolder: string; packageFolder: string; outsideFolder: string } {
  const folder = trial.newFolder();
  mkdirSync(folder, { mode: 0o700 });
  const packageFolder = path.join(folder, 'carrier');
  symlinkSync(carrierPackage(), packageFolder);
  return { dataFolder: path.join(folder, 'data'), packageFolder, outsideFolder: trial.newFolder() };
}

/** The package as npm leaves it when install scripts are not allowed to run. */
function packageWithoutLinks(): string {
  const folder = trial.newFolder();
  cpSync(carrierPackage(), folder, { recursive: true, filter: (from) => !lstatSync(from).isSymbolicLink() });
  return folder;
}

describe('the symbolic links that npm does not carry', () => {
  it('are made where they are missing', async () => {
    const packageFolder = packageWithoutLinks();
    const { url } = await trial.start({ dataFolder: trial.newFolder(), packageFolder });
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readdirSync(packageFolder)).toContain('native');
  });
});

// What only root can arrange is left to a run as root; a run as somebody else proves the rest.
if (isRoot) {
  describe('the embedded PostgreSQL under root, in a folder that only root can enter', () => {
    const places = newPrivateFolder();

    it('runs as another account, outside, and says where and why in one sentence', async () => {
      // A copy that a power cut left broken must not stand in the way.
      mkdirSync(path.join(places.outsideFolder, `postgresql-${packageVersion()}`), { recursive: true });
      const server = await trial.start(places);
      expect(path.dirname(server.clusterFolder)).toBe(places.outsideFolder);
      expect(statSync(server.clusterFolder).uid).toBe(serverAccount('holter')?.uid);
      expect(statSync(server.clusterFolder).mode & 0o777).toBe(0o700);
      expect(server.notices).toHaveLength(1);
      expect(server.notices[0]).toContain(server.clusterFolder);
      expect(server.notices[0]).toContain(places.dataFolder);
      expect(readdirSync(places.outsideFolder).toSorted()).toEqual([
        path.basename(server.clusterFolder),
        `${path.basename(server.clusterFolder)}-lock`,
        `postgresql-${packageVersion()}`,
      ]);
      await query(server.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)');
      await server.stop();
    });

    it('finds the same data at the next start', async () => {
      const server = await trial.start(places);
      expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
      expect(server.notices).toHaveLength(1);
      await server.stop();
    });

    it('is refused to a copy of the data folder, which points to the same data, and goes on running', async () => {
      const server = await trial.start(places);
      const copy = { ...places, dataFolder: trial.newFolder() };
      cpSync(places.dataFolder, copy.dataFolder, { recursive: true });
      // As a copy that was made while nothing ran.
      rmSync(path.join(copy.dataFolder, 'postgres-lock'), { recursive: true });
      await expect(trial.start(copy)).rejects.toThrow(/is in use by process \d+ from another data folder/);
      expect(await query(server.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
      await server.stop();
    });

    it('does not begin anew on its own when the data is gone', async () => {
      const pointer = readFileSync(path.join(places.dataFolder, 'postgres-elsewhere.json'), 'utf8');
      const { clusterFolder }: { clusterFolder: string } = JSON.parse(pointer);
      rmSync(clusterFolder, { recursive: true });
      await expect(trial.start(places)).rejects.toThrow(
        /^The database of .* lay in .* and is gone; restore it, or remove /,
      );
    });

    it('begins anew when the data folder was removed', async () => {
      rmSync(places.dataFolder, { recursive: true });
      const server = await trial.start(places);
      expect(await query(server.url, "SELECT to_regclass('kept') AS kept")).toEqual([{ kept: null }]);
    });
  });

  describe('the embedded PostgreSQL under root', () => {
    it('runs data that belongs to a user as that user, and takes data that root restored', async () => {
      const dataFolder = trial.newFolder();
      const first = await trial.start({ dataFolder });
      await query(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)');
      await first.stop();
      const { uid, gid } = statSync(first.clusterFolder);
      giveAway(first.clusterFolder, { uid: 0, gid: 0 });
      const restored = await trial.start({ dataFolder });
      expect(statSync(path.join(first.clusterFolder, 'base')).uid).toBe(uid);
      await restored.stop();
      const user = { uid: 54_321, gid };
      giveAway(first.clusterFolder, user);
      const owned = await trial.start({ dataFolder });
      expect(await query(owned.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
      expect(statSync(path.join(first.clusterFolder, 'postmaster.pid')).uid).toBe(user.uid);
    });

    it('does not pass over data that its account cannot get to any more', async () => {
      const folder = trial.newFolder();
      mkdirSync(folder, { mode: 0o755 });
      const dataFolder = path.join(folder, 'data');
      const outsideFolder = trial.newFolder();
      const server = await trial.start({ dataFolder, outsideFolder });
      await server.stop();
      chmodSync(folder, 0o700);
      await expect(trial.start({ dataFolder, outsideFolder })).rejects.toThrow(
        /^The database lies in .* cannot get there: /,
      );
    });
  });
}

if (isRoot && nobody !== undefined && canEnter(nobody, sources)) {
  describe('the embedded PostgreSQL under an ordinary user', () => {
    it('runs as that user, in the data folder', async () => {
      const home = trial.newFolder();
      mkdirSync(home);
      chownSync(home, nobody.uid, nobody.gid);
      const dataFolder = path.join(home, 'data');
      const first = await trial.startOwned({ dataFolder }, nobody);
      expect(first.clusterFolder).toBe(path.join(dataFolder, 'postgres'));
      expect(statSync(first.clusterFolder).uid).toBe(nobody.uid);
      await query(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)');
      await first.child.kill9();
      const second = await trial.startOwned({ dataFolder }, nobody);
      expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    });

    it('copies programs whose links are missing where that user cannot make them', async () => {
      const home = trial.newFolder();
      mkdirSync(home);
      chownSync(home, nobody.uid, nobody.gid);
      const dataFolder = path.join(home, 'data');
      const { url } = await trial.startOwned({ dataFolder, packageFolder: packageWithoutLinks() }, nobody);
      expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(readdirSync(dataFolder)).toContain(`postgresql-${packageVersion()}`);
    });
  });
}

function packageVersion(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(path.join(carrierPackage(), 'package.json'), 'utf8'),
  );
  return version;
}

function giveAway(folder: string, to: { uid: number; gid: number }): void {
  chownSync(folder, to.uid, to.gid);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    chownSync(path.join(folder, name), to.uid, to.gid);
}
