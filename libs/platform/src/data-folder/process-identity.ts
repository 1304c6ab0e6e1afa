import { readFileSync } from 'node:fs';
import { errorCode } from '../error-code.ts';

/**
 * Who a process is beyond its number. Numbers are given again: after a restart of the machine, and in containers, where
 * everybody is process 1. So the instant of birth belongs to the identity wherever the system tells it.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Boot of the machine and start of the process; null where there is no /proc. */
  readonly birth: string | null;
}

/** The identity of this very process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, birth: birthOf(process.pid) };
}

/** Whether this process, and not another one with its number, still runs. */
export function isAlive({ pid, birth }: ProcessIdentity): boolean {
  if (!isRunning(pid)) return false;
  const present = birthOf(pid);
  // Where nobody can tell a reused number, believing that it is the same process is the safe side.
  return birth === null || present === null || present === birth;
}

/** Whether a process of this number runs. One that ended and was not collected by its parent does not. */
export function isRunning(pid: number): boolean {
  return isKnown(pid) && !['Z', 'X'].includes(stateOf(pid)?.[0] ?? '');
}

/** Whether the system has a process of this number at all, even one that ended and was not collected. */
export function isKnown(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function birthOf(pid: number): string | null {
  // Field 22 of the file in proc(5), counted here from the third, the state.
  const startedAt = stateOf(pid)?.[19];
  return startedAt === undefined ? null : `${bootId()}_${startedAt}`;
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Some sandboxes have no such file; then the start alone has to do.
    return 'boot';
  }
}

/** The fields after the process's name, which may hold blanks and brackets itself. */
function stateOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
