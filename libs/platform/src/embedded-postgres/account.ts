import { readFileSync } from 'node:fs';

/** Whom the server runs as. Null: as ourselves. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In this order: made for us, made for PostgreSQL, present everywhere. We never create an account. */
const CANDIDATES = ['holter', 'postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root, and wants an account that the system knows by name. As root the answer is an
 * existing account without privileges; otherwise null.
 */
export function serverAccount(
  own: { uid: number | undefined } = { uid: process.getuid?.() },
  passwd: () => string = () => readFileSync('/etc/passwd', 'utf8'),
): Account | null {
  if (own.uid !== 0) return null;
  const lines = passwd()
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const found = lines.find((fields) => fields[0] === name);
    const uid = Number(found?.[2]);
    const gid = Number(found?.[3]);
    if (found !== undefined && uid > 0 && Number.isInteger(gid)) return { name, uid, gid };
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no account holter, postgres or nobody here to run it as; create one of them, start as another user, or set DATABASE_URL.',
  );
}
