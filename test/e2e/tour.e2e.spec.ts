import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COMMANDS, Product, ROOT } from './product.ts';
import { freePorts } from './services-processes.ts';

const OPERATOR_KEY = 'operator-key-for-tests';

let product: Product;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'holter-tour-'));
  const environment = {
    HOLTER_PORT: '0',
    HOLTER_ADMIN_KEY: OPERATOR_KEY,
    HOLTER_ALLOW_PRIVATE_NETWORKS: '127.0.0.1/32',
  };
  product = new Product({ folder, command: COMMANDS.built, environment });
});

afterAll(async () => {
  await product.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The commands of the README's tour, in their order. */
function tourCommands(): string {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  const tour = readme.split('<!-- tour:start -->')[1]?.split('<!-- tour:end -->')[0] ?? '';
  const blocks = [...tour.matchAll(/```sh\n([^]*?)```/g)].map(([, commands]) => commands ?? '');
  return blocks.join('\n');
}

async function runInBash(
  script: string,
  environment: Record<string, string>,
): Promise<{ status: number | null; said: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, ...environment };
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, said };
}

describe("the README's tour", () => {
  it('works as written, word for word', async () => {
    const { url } = await product.start().printed();
    const [receiverPort = 0] = await freePorts(1);
    const environment = { BASE: url, OPERATOR_KEY, RECEIVER_PORT: String(receiverPort) };
    const { status, said } = await runInBash(tourCommands(), environment);
    expect({ status, said }).toMatchObject({ status: 0 });
    for (const words of [
      'webhook: check.missed',
      'webhook: check.recovered',
      'check.missed: no_ping_by_deadline',
      'All Systems Operational',
      'paused',
    ]) {
      expect(said).toContain(words);
    }
  });
});
