import { spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { isAlive, isKnown, isRunning, ownIdentity } from './process-identity.ts';

/** Above what any system gives out. */
const NOBODY = 2_147_483_646;

describe('the identity of a process', () => {
  it('finds this process alive', () => {
    expect(isAlive(ownIdentity())).toBe(true);
  });

  it('finds nobody behind a number that is not given out', () => {
    expect(isAlive({ pid: NOBODY, birth: null })).toBe(false);
    expect(isKnown(NOBODY)).toBe(false);
  });

  it('believes a number alone where no birth was noted', () => {
    expect(isAlive({ pid: process.pid, birth: null })).toBe(true);
  });

  // Where there is no /proc, births are unknown and states too.
  if (process.platform === 'linux') {
    it('tells another process with the same number by its birth', () => {
      expect(isAlive({ pid: process.pid, birth: 'another boot_1' })).toBe(false);
    });

    it('does not count a process as running that ended and was not collected', async () => {
      // The shell starts a process that lives until its input ends, and becomes a program that never collects it.
      const parent = spawn('/bin/sh', ['-c', 'cat <&3 & echo $! && exec 3<&- && exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
      });
      const pid = await new Promise<number>((resolve) => {
        parent.stdout?.once('data', (line: Buffer) => resolve(Number(line.toString('utf8'))));
      });
      expect(isRunning(pid)).toBe(true);
      process.kill(pid, 'SIGKILL');
      while (isRunning(pid)) await new Promise((resolve) => setImmediate(resolve));
      expect(isKnown(pid)).toBe(true);
      parent.kill('SIGKILL');
    });
  }
});
