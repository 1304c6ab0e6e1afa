import { spawn, type ChildProcess } from 'node:child_process';
import net from 'node:net';
import type { Account } from './account.ts';

/**
 * Watches over the server: when our end of its standard input closes (we ended it, or we died, kill -9 included) it
 * asks the server to stop, and after some seconds makes it. So no server is ever left behind.
 */
const SUPERVISOR = `
"$@" </dev/null &
server=$!
( while read -r line; do :; done; kill -INT $server; i=0
  while kill -0 $server && [ $i -lt 80 ]; do sleep 0.1; i=$((i+1)); done; kill -QUIT $server ) 2>/dev/null <&3 &
waiter=$!
wait $server
status=$?
kill $waiter 2>/dev/null
exit $status
`;

const LOG_TAIL_CHARACTERS = 4_000;

export interface ServerProcess {
  readonly child: ChildProcess;
  /** The newest lines that the server wrote, for an error message. */
  tail(): string;
  /** Resolves with the exit status when the server is gone. */
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts the server under its supervisor; resolves at once, whether it accepts connections is another question. */
export function startServer(
  command: { readonly program: string; readonly args: readonly string[]; readonly cwd: string },
  account: Account | null,
): ServerProcess {
  const as = account === null ? {} : { uid: account.uid, gid: account.gid };
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'sh', command.program, ...command.args], {
    ...as,
    cwd: command.cwd,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // Its own group: a Ctrl-C on the terminal reaches us first, and we stop the server in order.
    detached: true,
  });
  let tail = '';
  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString('utf8')).slice(-LOG_TAIL_CHARACTERS);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const lifeline = child.stdio[3];
  lifeline?.on('error', () => undefined);
  const exited = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (status) => resolve(status));
  });
  const stop = async (): Promise<void> => {
    if (lifeline instanceof net.Socket) lifeline.destroy();
    await exited;
  };
  return { child, tail: () => tail, exited, stop };
}

/** A TCP port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
