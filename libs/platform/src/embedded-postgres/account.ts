import { readFileSync } from 'node:fs';

/** Whom the server runs as. Null: as ourselves. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In this order: made for us, made for PostgreSQL, present everywhere. We never create an account. */
const CANDIDATES = ['holter', 'postgres', 'nobody'];

/** The owner of a cluster that is there already. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, and wants to own its data. As root the answer is whoever owns the cluster, so that
 * data that another user began go on (and an account that was added since changes nothing); for a new cluster it is an
 * existing account without privileges. Otherwise null.
 */
export function serverAccount(
  owner: Owner | null,
  own: { uid: number | undefined } = { uid: process.getuid?.() },
  passwd: () => string = () => readFileSync('/etc/passwd', 'utf8'),
): Account | null {
  if (own.uid !== 0) return null;
  const accounts = accountsIn(passwd());
  if (owner !== null && owner.uid !== 0)
    return accounts.find(({ uid }) => uid === owner.uid) ?? { name: `user ${owner.uid}`, ...owner };
  for (const name of CANDIDATES) {
    const found = accounts.find((account) => account.name === name && account.uid > 0);
    if (found !== undefined) return found;
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no account holter, postgres or nobody here to run it as; create one of them, start as another user, or set DATABASE_URL.',
  );
}

function accountsIn(passwd: string): Account[] {
  return passwd
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid, gid }) => name !== '' && Number.isInteger(uid) && Number.isInteger(gid));
}
