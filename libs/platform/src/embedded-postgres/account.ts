import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { errorCode } from '../error-code.ts';

/** Whom the server runs as, when that is not ourselves. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In this order, after the account named for the product: made for PostgreSQL, present everywhere. */
const PRESENT_ELSEWHERE = ['postgres', 'nobody'];

/** The accounts of this machine. The file is asked and not the name service: initdb looks no further either way. */
export function knownAccounts(passwd: () => string = readPasswd): Account[] {
  return passwd()
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({ name: name ?? '', uid: Number(uid), gid: Number(gid) }));
}

/**
 * PostgreSQL refuses to run as root, and wants an account that the system knows by name. As root the answer is an
 * existing account without privileges, never one that we create; otherwise null, which means ourselves.
 */
export function serverAccount(
  name: string,
  ownUid: number | undefined = process.getuid?.(),
  accounts: () => readonly Account[] = knownAccounts,
): Account | null {
  if (ownUid !== 0) return null;
  const usable = accounts().filter(({ uid, gid }) => uid > 0 && Number.isInteger(gid));
  for (const candidate of [name, ...PRESENT_ELSEWHERE]) {
    const found = usable.find((account) => account.name === candidate);
    if (found !== undefined) return found;
  }
  throw new Error(
    `PostgreSQL does not run as root, and there is no account ${name}, postgres or nobody here to run it as; create one of them, start as another user, or set DATABASE_URL.`,
  );
}

/** Root without the right to become somebody else (a container without capabilities) can do nothing here. */
export function proveSwitch(account: Account | null): void {
  if (account === null) return;
  const { ok, why } = tryAs(account, '/bin/sh', ['-c', ':']);
  if (ok) return;
  throw new Error(
    `PostgreSQL does not run as root, and this root may not start programs as ${account.name} (${why}); start as another user, or set DATABASE_URL.`,
  );
}

/** The part of the options of `spawn` that says as whom. */
export function spawnAs(account: Account | null): { uid?: number; gid?: number } {
  return account === null ? {} : { uid: account.uid, gid: account.gid };
}

/** Asks the system whether the account can do something, which beats guessing from permission bits. */
export function tryAs(
  account: Account | null,
  program: string,
  args: readonly string[],
): { ok: boolean; why: string } {
  const run = spawnSync(program, args, {
    ...spawnAs(account),
    cwd: '/',
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (run.error !== undefined) return { ok: false, why: errorCode(run.error) ?? run.error.message };
  return { ok: run.status === 0, why: run.stderr.trim() };
}

/** Whether the account can enter a folder, through all that lies above it. */
export function canEnter(account: Account | null, folder: string): boolean {
  return tryAs(account, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]).ok;
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}
