import { spawn, type ChildProcess } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 100;
const TAIL_CHARACTERS = 6_000;

export type ServiceName = 'ingest' | 'evaluator' | 'notifier' | 'api';

/** One of the four services as a real process of the built product; it can be killed and started again. */
export class Service {
  #child: ChildProcess | null = null;
  #tail = '';

  constructor(
    readonly name: ServiceName,
    readonly port: number,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  start(): void {
    const main = path.join(ROOT, `dist/apps/${this.name}/src/main.js`);
    const child = spawn(process.execPath, [main], {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOLTER_HOST: '127.0.0.1',
        HOLTER_PORT: String(this.port),
        ...this.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer): void => {
      this.#tail = (this.#tail + chunk.toString('utf8')).slice(-TAIL_CHARACTERS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.#child = child;
  }

  /** Resolves once `/readyz` says so. */
  async ready(): Promise<void> {
    const giveUpAt = Date.now() + READY_LIMIT_MS;
    for (;;) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.ok) return;
      const reasons = answer === null ? 'no answer' : await answer.text();
      const gone = this.#child !== null && this.#child.exitCode !== null;
      if (gone || Date.now() > giveUpAt)
        throw new Error(`${this.name} is not ready: ${reasons}\n${this.#tail}`);
      await wait(LOOK_EVERY_MS);
    }
  }

  async kill9(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends it in order; answers its exit status. */
  async stop(): Promise<number | null> {
    return await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === null || child.exitCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)));
    child.kill(signal);
    return await gone;
  }
}

/** TCP ports that nobody uses now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map(async (server) => await new Promise((resolve) => server.close(resolve))));
  return ports;
}
