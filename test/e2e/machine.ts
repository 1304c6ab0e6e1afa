import { existsSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { errorCode } from '#platform';

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
