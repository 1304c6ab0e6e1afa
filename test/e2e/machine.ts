import { existsSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from '#platform';

const LOOK_EVERY_MS = 20;

/** A program of somebody else on the port; null when somebody else has it already. */
export async function occupy(port: number): Promise<net.Server | null> {
  const server = net.createServer();
  return await new Promise((resolve, reject) => {
    server.once('error', (error) => (errorCode(error) === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** A TCP port that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = await occupy(0);
  if (server === null) throw new Error('No port is free.');
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What lies in a folder; nothing, when it is not there. */
export function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Looks until it is so; fails when that takes too long. */
export async function until(isSo: () => boolean | Promise<boolean>, limitMs: number): Promise<void> {
  const giveUpAt = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error(`Not so after ${limitMs} ms: ${String(isSo)}`);
    await wait(LOOK_EVERY_MS);
  }
}
