import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { errorCode } from '#platform';
import { FakeReceiver, type ReceivedMessage } from '#testing';
import { COMMANDS, Product } from './product.ts';

const OPERATOR_KEY = 'operator-key-for-tests';
/** An alarm reaches its receiver this soon after the deadline. */
const TOLD_WITHIN_MS = 2_000;
/** As in a crontab: patient while the server is away. */
const CURL = 'curl -fsS -m 15 --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null';

let product: Product;
let receiver: FakeReceiver;
let folder: string;
let base: string;
let key: string;
let secret: string;
const jobs: ChildProcess[] = [];

async function post(pathname: string, apiKey: string, body: object): Promise<Record<string, string>> {
  const answer = await fetch(base + pathname, {
    method: 'POST',
    headers: { 'x-api-key': apiKey },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}

async function check(name: string, fields: object): Promise<string> {
  return (await post('/api/v3/checks/', key, { name, channels: '*', ...fields }))['uuid'] ?? '';
}

/** A job: a shell with its own process group, so that it can be killed as a whole. */
function job(script: string): ChildProcess {
  const child = spawn('bash', ['-c', script], { stdio: 'ignore', detached: true });
  jobs.push(child);
  return child;
}

function kill(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

async function told(checkId: string, count: number): Promise<Told[]> {
  const messages = await receiver.waitForThose(({ body }) => read(body).data.check.uuid === checkId, count);
  return messages.map(verified);
}

interface Told {
  readonly type: string;
  readonly receivedAt: number;
  readonly data: {
    readonly check: { readonly uuid: string };
    readonly transition: {
      readonly id: string;
      readonly seq: number;
      readonly at: string;
      readonly cause: Record<string, unknown>;
    };
  };
}

function read(body: string): Told {
  return JSON.parse(body) as Told;
}

function verified({ body, headers, id, receivedAt }: ReceivedMessage): Told {
  const message = new Webhook(secret).verify(body, { ...headers }) as Told;
  expect(message.data.transition.id).toBe(id);
  return { ...message, receivedAt };
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'holter-jobs-'));
  receiver = await FakeReceiver.start();
  const environment = {
    HOLTER_PORT: '0',
    HOLTER_ADMIN_KEY: OPERATOR_KEY,
    HOLTER_ALLOW_PRIVATE_NETWORKS: '127.0.0.1/32',
  };
  product = new Product({ folder, command: COMMANDS.built, environment });
  base = (await product.start().printed()).url;
  ({ api_key: key = '' } = await post('/api/v3/projects', OPERATOR_KEY, { name: 'jobs' }));
  const config = { url: receiver.url };
  ({ secret = '' } = await post('/api/v3/channels/', key, { kind: 'webhook', name: 'hook', config }));
});

afterAll(async () => {
  for (const child of jobs) kill(child);
  await receiver.stop();
  await product.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('real jobs in shells', () => {
  it('are alarmed for what happened to each, soon, and only for that', async () => {
    const healthy = await check('healthy', { timeout: 2, grace: 3 });
    const killed = await check('killed', { timeout: 2, grace: 1 });
    const failing = await check('failing', { timeout: 60, grace: 1 });
    const hanging = await check('hanging', { timeout: 60, grace: 30, max_runtime: 2 });
    job(`while true; do ${CURL} ${base}/ping/${healthy}; sleep 0.7; done`);
    const victim = job(`while true; do ${CURL} ${base}/ping/${killed}; sleep 0.5; done`);
    job(`(exit 7); ${CURL} ${base}/ping/${failing}/$?`);
    job(`${CURL} ${base}/ping/${hanging}; ${CURL} ${base}/ping/${hanging}/start; sleep 1000`);

    const [failed] = await told(failing, 1);
    expect(failed).toMatchObject({
      type: 'check.failed',
      data: { transition: { cause: { kind: 'ping', exitstatus: 7 } } },
    });
    kill(victim);
    const [missed] = await told(killed, 1);
    expect(missed?.type).toBe('check.missed');
    const [hung] = await told(hanging, 1);
    expect(hung?.type).toBe('check.hung');
    for (const message of [failed, missed, hung]) {
      const late = (message?.receivedAt ?? Infinity) - Date.parse(message?.data.transition.at ?? '');
      expect(late).toBeLessThanOrEqual(TOLD_WITHIN_MS);
    }

    job(`while true; do ${CURL} ${base}/ping/${killed}; sleep 0.5; done`);
    expect((await told(killed, 2))[1]?.type).toBe('check.recovered');
    expect(receiver.messages.map(({ body }) => read(body).data.check.uuid)).not.toContain(healthy);
  });

  it('are not blamed when Holter itself is killed under them', async () => {
    const before = receiver.messages.length;
    const { port } = new URL(base);
    await product.kill9();
    await product.ended();
    await product.start({ HOLTER_PORT: port }).printed();
    const sentinel = await check('sentinel', { timeout: 1, grace: 1 });
    await fetch(`${base}/ping/${sentinel}`);
    // Once the sentinel was missed, whatever else was due at that time has been judged too.
    await told(sentinel, 1);
    const since = receiver.messages.slice(before).map(({ body }) => read(body).data.check.uuid);
    expect([...new Set(since)]).toEqual([sentinel]);
    const ids = receiver.messages.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const readiness = (await (await fetch(`${base}/readyz`)).json()) as object;
    expect(readiness).toEqual({ ready: true, reasons: {} });
    const pinged = await fetch(`${base}/api/v3/checks/${sentinel}`, { headers: { 'x-api-key': key } });
    expect(await pinged.json()).toMatchObject({ n_pings: 1, status: 'down' });
  });
});
