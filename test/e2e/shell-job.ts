import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { errorCode } from '#platform';

/** Patient while nobody answers, as in a crontab that its author thought about. */
const CURL = 'curl -fsS -m 15 --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null';

/**
 * A job in a real shell. In its script `ping` is curl with the number of the call as its name, and `ping <suffix>` calls
 * the URL with that suffix; every call that was answered is noted in a file.
 */
export class ShellJob {
  readonly #child: ChildProcess;

  constructor(
    readonly url: string,
    script: string,
    private readonly noteFile: string,
  ) {
    const ping = `n=0; ping() { n=$((n+1)); ${CURL} -A "job/$n" "$URL$1" && echo "$n" >> "$NOTES"; }`;
    // Also when the test itself is killed.
    const watch = '(while kill -0 $PPID 2>/dev/null; do sleep 1; done; kill -KILL 0) &';
    this.#child = spawn('bash', ['-c', `${watch}\n${ping}\n${script}`], {
      stdio: 'ignore',
      // A process group of its own, so that at the end nothing that it started is left.
      detached: true,
      env: { PATH: process.env['PATH'] ?? '', URL: url, NOTES: noteFile },
    });
  }

  /** The shell alone dies, as in an accident; a call on its way may still arrive. */
  kill9(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends it with everything that it started. */
  end(): void {
    try {
      process.kill(-(this.#child.pid ?? 0), 'SIGKILL');
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') throw error;
    }
  }

  /** The numbers of the calls that were answered. */
  get answered(): number[] {
    if (!existsSync(this.noteFile)) return [];
    return readFileSync(this.noteFile, 'utf8').split('\n').filter(Boolean).map(Number);
  }
}
