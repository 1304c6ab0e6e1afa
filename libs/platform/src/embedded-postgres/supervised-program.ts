import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock/clock.ts';
import { spawnAs, type Account } from './account.ts';

/**
 * Runs a program that must not outlive us. A shell starts it and waits for it, and a second one waits for the end of a
 * pipe that only we hold open; that end comes when we let go and when we die, kill -9 included. Then it asks the
 * program to stop (SIGINT: PostgreSQL's fast shutdown), after 8 s tells it to (SIGQUIT: leave without tidying up, to be
 * repaired at the next start), and after 2 s more ends it. Signals sent to everybody (a terminal's, a service manager's)
 * are for us to act on, so both shells ignore them.
 */
const SUPERVISOR = `
trap '' HUP INT TERM
"$@" 3<&- </dev/null &
program=$!
{
  while read -r line; do :; done
  kill -INT "$program"
  tenths=0
  while [ $tenths -lt 80 ] && kill -0 "$program"; do sleep 0.1; tenths=$((tenths + 1)); done
  kill -QUIT "$program"
  while [ $tenths -lt 100 ] && kill -0 "$program"; do sleep 0.1; tenths=$((tenths + 1)); done
  kill -KILL "$program"
} <&3 >/dev/null 2>&1 &
guard=$!
exec 3<&-
wait "$program"
status=$?
kill -KILL "$guard"
wait "$guard" 2>/dev/null
exit $status
`;

/** Enough for the cause of a failure, with its details and hints. */
const TAIL_LINES = 40;
/** The last lines come through a pipe that an orphaned part of the program may keep open for longer than we wait. */
const DRAIN_LIMIT_MS = 1_000;

export interface ProgramEnd {
  readonly status: number | null;
  /** Set when not the program but its supervisor was ended; then the program itself may still run. */
  readonly signal: NodeJS.Signals | null;
}

export interface SupervisedProgram {
  /** The newest lines that the program wrote, for an error message. */
  tail(): string;
  /** Calls `listener` with every line from now on; the answer ends that. */
  onLine(listener: (line: string) => void): () => void;
  /** Resolves when it is gone and its last line was read. */
  readonly ended: Promise<ProgramEnd>;
  /** Ends it as above, and waits for that. */
  stop(): Promise<void>;
}

/** Starts a program under its supervisor. Whether it does what it is for is another question. */
export function startSupervised(
  command: readonly [program: string, ...args: string[]],
  account: Account | null,
  clock: Clock,
): SupervisedProgram {
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'sh', ...command], {
    ...spawnAs(account),
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // A session of its own: an interrupt on the terminal reaches us alone, and we end the program in order.
    detached: true,
  });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  const drained = readLines(child.stderr, (line) => {
    lines.push(line);
    if (lines.length > TAIL_LINES) lines.shift();
    for (const listener of listeners) listener(line);
  });
  const letGo = (): void => void child.stdio[3]?.destroy();
  child.stdio[3]?.on('error', () => undefined);
  const gone = new Promise<ProgramEnd>((resolve) => {
    child.once('error', (error) => {
      lines.push(error.message);
      resolve({ status: null, signal: null });
    });
    child.once('exit', (status, signal) => resolve({ status, signal }));
  });
  const ended = gone.then(async (end) => {
    // Without its supervisor the program may still run: the guard then ends it.
    letGo();
    const waiting = new AbortController();
    await Promise.race([drained, clock.sleep(DRAIN_LIMIT_MS, waiting.signal)]);
    waiting.abort();
    return end;
  });
  return {
    tail: () => lines.join('\n'),
    onLine: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ended,
    stop: async () => {
      letGo();
      await ended;
    },
  };
}

/** Resolves when the stream has ended. */
async function readLines(stream: Readable | null, take: (line: string) => void): Promise<void> {
  if (stream === null) return;
  const reader = createInterface({ input: stream });
  reader.on('line', take);
  await new Promise<void>((resolve) => {
    reader.once('close', resolve);
  });
}
