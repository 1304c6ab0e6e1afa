import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Account } from './account.ts';
import type { Placement } from './placement.ts';

/** The one user of the cluster, who may do everything in it. */
export const CLUSTER_USER = 'holter';

/**
 * Creates the cluster, whole or not at all: it is made beside its place and moved there when it is done, so that a
 * start that is killed half way (the first takes a second) leaves nothing that the next one would take for data.
 */
export function createCluster({ clusterFolder, account, binaries }: Placement, password: string): void {
  const fresh = `${clusterFolder}.new-${randomBytes(4).toString('hex')}`;
  removeUnfinished(clusterFolder);
  mkdirSync(fresh, { mode: 0o700 });
  const secrets = mkdtempSync(path.join(os.tmpdir(), 'holter-init-'));
  const passwordFile = path.join(secrets, 'password');
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    own([fresh, secrets, passwordFile], account);
    runInitdb(binaries.initdb, fresh, passwordFile, account);
    renameSync(fresh, clusterFolder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(secrets, { recursive: true, force: true });
  }
}

function own(files: readonly string[], account: Account | null): void {
  if (account !== null) for (const file of files) chownSync(file, account.uid, account.gid);
}

function runInitdb(initdb: string, folder: string, passwordFile: string, account: Account | null): void {
  const args = ['-D', folder, '-U', CLUSTER_USER, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C'];
  const run = spawnSync(initdb, [...args, `--pwfile=${passwordFile}`], {
    ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    cwd: '/',
    encoding: 'utf8',
  });
  if (run.status === 0) return;
  const reason = (run.stderr || run.error?.message || `it ended by ${run.signal}`).trim();
  throw new Error(
    `PostgreSQL could not create its data in ${folder}: ${reason} (Setting DATABASE_URL uses a server of your own instead.)`,
  );
}

/** What starts that were killed left beside the place. One that is still at work on it fails, and nobody waits for it. */
function removeUnfinished(clusterFolder: string): void {
  const parent = path.dirname(clusterFolder);
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(`${path.basename(clusterFolder)}.new-`)) continue;
    rmSync(path.join(parent, name), { recursive: true, force: true, maxRetries: 5 });
  }
}
