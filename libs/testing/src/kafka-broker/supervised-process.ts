import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

/**
 * The shell holds a pipe to us as its input. When we die, however that happens, the pipe ends, `cat` returns and the
 * program is killed: nothing we started outlives us.
 */
const SUPERVISOR = `
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
(cat <&3 >/dev/null; kill -9 "$program" 2>/dev/null) &
guard=$!
wait "$program"
code=$?
kill "$guard" 2>/dev/null
exit "$code"
`;

/** A program that ends, at the latest, with this process. */
export class SupervisedProcess {
  readonly #child: ChildProcess;

  constructor(command: readonly string[], logFile: string) {
    const log = openSync(logFile, 'a');
    this.#child = spawn('/bin/sh', ['-c', SUPERVISOR, 'sh', ...command], {
      // In a group of its own: an interrupt on the terminal reaches it through the pipe, like every other end.
      detached: true,
      stdio: ['pipe', log, log],
    });
    closeSync(log);
    // Neither the program nor the pipe is a reason to stay alive.
    this.#child.unref();
    this.#child.stdin?.on('error', () => undefined);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends the program at once, without a chance to tidy up; resolves when it is gone. */
  async kill9(): Promise<void> {
    if (!this.running) return;
    this.#child.ref();
    const gone = once(this.#child, 'exit');
    // The supervisor exits only after it has collected the program, so its files and ports are free then.
    this.#child.stdin?.end();
    await gone;
  }
}
