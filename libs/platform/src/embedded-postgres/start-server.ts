import net from 'node:net';
import type { Clock } from '../clock/clock.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { clearOrphan } from './orphan.ts';
import { retryReason, saysReady, serverArguments } from './server-settings.ts';
import { startSupervised, type SupervisedProgram } from './supervised-program.ts';

/** Recovery may take long and says every 10 s how far it is; a server that says nothing for so long hangs. */
const SILENCE_LIMIT_MS = 60_000;
const PORTS_TRIED = 5;
/** Parts of a killed server notice its end within moments, unless they are in the midst of a long query. */
const STILL_IN_USE_LIMIT_MS = 10_000;
const RETRY_MS = 200;

export interface ServerPlan {
  readonly binaries: Binaries;
  readonly clusterFolder: string;
  readonly account: Account | null;
  readonly durable: boolean;
}

/**
 * Starts the server on a free port and waits until it accepts connections. Between choosing a port and listening on it
 * another program may take it: then another one is tried.
 */
export async function startServer(
  plan: ServerPlan,
  clock: Clock,
  watch: (line: string) => void,
): Promise<{ server: SupervisedProgram; port: number }> {
  const giveUpAt = clock.monotonic() + STILL_IN_USE_LIMIT_MS;
  for (let tried = 1; ; tried += 1) {
    await clearOrphan(plan.clusterFolder, clock);
    const port = await freePort();
    const args = serverArguments(plan.clusterFolder, port, plan.durable);
    const server = startSupervised([plan.binaries.postgres, ...args], plan.account, clock);
    server.onLine(watch);
    const outcome = await untilReady(server, clock);
    if (outcome === 'ready') return { server, port };
    await server.stop();
    const lastWords = server.tail();
    const reason = retryReason(lastWords);
    const again =
      (reason === 'port-taken' && tried < PORTS_TRIED) ||
      (reason === 'still-in-use' && clock.monotonic() < giveUpAt);
    if (!again) throw startFailure(outcome, lastWords);
    if (reason === 'still-in-use') await clock.sleep(RETRY_MS);
  }
}

function startFailure(outcome: 'ended' | 'silent', lastWords: string): Error {
  const what = outcome === 'ended' ? 'PostgreSQL did not start' : 'PostgreSQL hung while starting';
  return new Error(`${what}: ${lastWords.trim() || 'it said nothing'}`);
}

async function untilReady(server: SupervisedProgram, clock: Clock): Promise<'ready' | 'ended' | 'silent'> {
  return await new Promise((resolve) => {
    let cancel = (): void => undefined;
    const finish = (outcome: 'ready' | 'ended' | 'silent'): void => {
      cancel();
      unlisten();
      resolve(outcome);
    };
    const waitOn = (): void => {
      cancel();
      cancel = clock.after(SILENCE_LIMIT_MS, () => finish('silent'));
    };
    const unlisten = server.onLine((line) => (saysReady(line) ? finish('ready') : waitOn()));
    waitOn();
    void server.ended.then(() => finish('ended'));
  });
}

/** A TCP port that nobody listens on at this moment. */
async function freePort(): Promise<number> {
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
