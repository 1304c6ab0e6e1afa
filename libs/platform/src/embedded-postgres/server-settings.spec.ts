import { describe, expect, it } from '@jest/globals';
import { isAlarming, retryReason, serverArguments } from './server-settings.ts';

describe("the server's settings", () => {
  it('leave out durability only where that was asked for', () => {
    expect(serverArguments('/data', 5_432, true).join(' ')).not.toMatch(/fsync|synchronous_commit|full_page/);
    expect(serverArguments('/data', 5_432, false)).toContain('fsync=off');
  });

  it('listen on this machine alone', () => {
    expect(serverArguments('/data', 5_432, true)).toContain('listen_addresses=127.0.0.1');
  });
});

describe("the server's words", () => {
  it('alarm the operator unless they are answers to our own clients', () => {
    expect(isAlarming('PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device')).toBe(
      true,
    );
    expect(isAlarming('ERROR:  duplicate key value violates unique constraint "a"')).toBe(false);
    expect(isAlarming('LOG:  database system is ready to accept connections')).toBe(false);
  });

  it('tell failures that pass from those that stay', () => {
    expect(retryReason('LOG:  could not bind IPv4 address "127.0.0.1": Address already in use')).toBe(
      'port-taken',
    );
    expect(retryReason('FATAL:  lock file "postmaster.pid" already exists')).toBe('still-in-use');
    expect(retryReason('FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use')).toBe(
      'still-in-use',
    );
    expect(retryReason('FATAL:  could not open directory')).toBeNull();
  });
});
