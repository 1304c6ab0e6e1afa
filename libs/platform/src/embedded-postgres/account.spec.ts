import { describe, expect, it } from '@jest/globals';
import { knownAccounts, serverAccount } from './account.ts';

const PASSWD = `root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
postgres:x:101:104:,,,:/var/lib/postgresql:/bin/sh
acme:x:999:998::/var/lib/acme:/usr/sbin/nologin
`;

/** The accounts without the one of that name. */
function without(name: string, passwd: string): string {
  return passwd.replace(new RegExp(`^${name}:.*\n`, 'm'), '');
}

function chosenFrom(passwd: string): string | undefined {
  return serverAccount('acme', 0, () => knownAccounts(() => passwd))?.name;
}

describe('the account that PostgreSQL runs as', () => {
  it('is the one who starts it, unless that is root', () => {
    expect(serverAccount('acme', 1_000, () => knownAccounts(() => PASSWD))).toBeNull();
  });

  it("under root is the product's own, else that of PostgreSQL, else nobody", () => {
    expect(serverAccount('acme', 0, () => knownAccounts(() => PASSWD))).toEqual({
      name: 'acme',
      uid: 999,
      gid: 998,
    });
    expect(chosenFrom(without('acme', PASSWD))).toBe('postgres');
    expect(chosenFrom(without('postgres', without('acme', PASSWD)))).toBe('nobody');
  });

  it('is never root under another name', () => {
    expect(chosenFrom(PASSWD.replace('acme:x:999', 'acme:x:0'))).toBe('postgres');
  });

  it('is not made up where there is none: the operator is told what to do', () => {
    expect(() => chosenFrom('root:x:0:0::/root:/bin/sh\n')).toThrow(
      /^PostgreSQL does not run as root, and there is no account acme, postgres or nobody/,
    );
  });
});
