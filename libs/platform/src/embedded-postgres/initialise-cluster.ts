import { chownSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { syncFolder } from '../data-folder/secret-file.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { startSupervised } from './supervised-program.ts';

export interface NewCluster {
  readonly folder: string;
  readonly account: Account | null;
  readonly user: string;
  readonly password: string;
  /** False leaves out fsync. */
  readonly durable: boolean;
}

/**
 * Creates a cluster beside its place and moves it there when it is complete: a start that was cut off leaves nothing
 * that the next one could take for data.
 */
export async function initialiseCluster(
  binaries: Binaries,
  cluster: NewCluster,
  clock: Clock,
): Promise<void> {
  const { folder, account, durable } = cluster;
  const workshop = `${folder}.new`;
  // An initdb that a killed start left may still be writing here for a moment.
  rmSync(workshop, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  mkdirSync(workshop, { mode: 0o700 });
  const passwordFile = path.join(workshop, 'password');
  writeFileSync(passwordFile, cluster.password, { mode: 0o600 });
  if (account !== null)
    for (const each of [workshop, passwordFile]) chownSync(each, account.uid, account.gid);
  const made = path.join(workshop, 'cluster');
  const program = startSupervised(
    [
      binaries.initdb,
      ...initdbArguments(made, passwordFile, cluster.user),
      ...(durable ? [] : ['--no-sync']),
    ],
    account,
    clock,
  );
  const { status } = await program.ended;
  if (status !== 0) {
    rmSync(workshop, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    throw new Error(
      `PostgreSQL could not create its data in ${folder}: ${program.tail().trim() || 'no reason given'}`,
    );
  }
  renameSync(made, folder);
  rmSync(workshop, { recursive: true, force: true });
  syncFolder(path.dirname(folder));
}

/** Text is UTF-8, sorts by code point and knows every letter's case, alike on every machine: no C library is asked. */
function initdbArguments(folder: string, passwordFile: string, user: string): string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${user}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
}

/** PostgreSQL opens only what its own major version made, and says so in words that do not help. */
export function assertOpenable(clusterFolder: string, binaries: Binaries): void {
  const made = readFileSync(path.join(clusterFolder, 'PG_VERSION'), 'utf8').trim();
  if (made === binaries.major) return;
  throw new Error(
    `The database in ${clusterFolder} was made by PostgreSQL ${made}, and this release brings ${binaries.major}, which cannot open it; go back to the release that made it, or move it into a server of your own and set DATABASE_URL.`,
  );
}
