import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { FakeReceiver, type ReceivedMessage } from '#testing';
import { until } from './machine.ts';
import { COMMANDS, Product } from './product.ts';
import { ShellJob } from './shell-job.ts';

const OPERATOR_KEY = 'operator-key-for-tests';
/** An alarm reaches its receiver this soon after its deadline, or after the ping that caused it. */
const TOLD_WITHIN_MS = 2_000;
const SOON_MS = 20_000;
/** Missed after 3 s. */
const TIGHT = { timeout: 2, grace: 1 };
const LOOP = 'while :; do ping; sleep 0.5; done';

interface Told {
  readonly type: string;
  readonly data: {
    readonly check: { readonly uuid: string };
    readonly transition: {
      readonly id: string;
      readonly seq: number;
      readonly at: string;
      readonly deadline_at: string | null;
      readonly cause: Readonly<Record<string, unknown>>;
    };
  };
}

let product: Product;
let receiver: FakeReceiver;
let folder: string;
let base: string;
let key: string;
let secret: string;
const jobs = new Map<string, ShellJob>();
const checks = new Map<string, string>();

async function call(pathname: string, apiKey: string, body?: object): Promise<never> {
  const answer = await fetch(base + pathname, {
    headers: { 'x-api-key': apiKey },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as never;
}

const idOf = (name: string): string => checks.get(name) ?? '';

function jobOf(name: string): ShellJob {
  const job = jobs.get(name);
  if (job === undefined) throw new Error(`There is no job ${name}.`);
  return job;
}

/** Makes the check when it is not there yet, and starts its job. */
async function start(name: string, fields: object, script: string): Promise<ShellJob> {
  if (!checks.has(name)) {
    const { uuid } = await call('/api/v3/checks/', key, { name, channels: '*', ...fields });
    checks.set(name, uuid);
  }
  const job = new ShellJob(`${base}/ping/${idOf(name)}`, script, path.join(folder, `${name}-${jobs.size}`));
  jobs.set(jobs.has(name) ? `${name} again` : name, job);
  return job;
}

const read = ({ body }: ReceivedMessage): Told => JSON.parse(body) as Told;

/** The first message of this type about this check; its signature is checked on the way. */
async function told(name: string, type: string): Promise<ReceivedMessage> {
  const fits = (message: ReceivedMessage): boolean =>
    read(message).type === type && read(message).data.check.uuid === idOf(name);
  const [message] = await receiver.waitForThose(fits, 1);
  if (message === undefined) throw new Error('waitForThose answered nothing');
  const verified = new Webhook(secret).verify(message.body, { ...message.headers }) as Told;
  expect(verified.data.transition.id).toBe(message.id);
  return message;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'holter-jobs-'));
  receiver = await FakeReceiver.start();
  const environment = {
    HOLTER_ADMIN_KEY: OPERATOR_KEY,
    HOLTER_ALLOW_PRIVATE_NETWORKS: '127.0.0.1/32',
  };
  product = new Product({ folder, command: COMMANDS.built, environment });
  base = (await product.start({ HOLTER_PORT: '0' }).printed()).url;
  ({ api_key: key } = await call('/api/v3/projects', OPERATOR_KEY, { name: 'jobs' }));
  const config = { url: receiver.url };
  ({ secret } = await call('/api/v3/channels/', key, { kind: 'webhook', name: 'hook', config }));
});

afterAll(async () => {
  for (const job of jobs.values()) job.end();
  await receiver?.stop();
  await product?.discard();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

describe('real jobs in shells', () => {
  it('that were killed, fail or hang are alarmed within 2 s, each for what it did', async () => {
    await start('healthy', TIGHT, LOOP);
    const killed = await start('killed', TIGHT, LOOP);
    await start('failing', TIGHT, 'ping; while :; do (exit 7); ping "/$?"; sleep 0.5; done');
    await start('hanging', { timeout: 60, grace: 60, max_runtime: 2 }, 'ping; ping /start; sleep 1000');
    await until(() => killed.answered.length >= 2, SOON_MS);
    killed.kill9();

    const failed = await told('failing', 'check.failed');
    const missed = await told('killed', 'check.missed');
    const hung = await told('hanging', 'check.hung');
    expect(read(failed).data.transition.cause).toMatchObject({ kind: 'ping', exitstatus: 7 });
    for (const message of [failed, missed, hung]) {
      const { type, data } = read(message);
      const dueAt = type === 'check.missed' ? data.transition.deadline_at : data.transition.at;
      const lateMs = message.receivedAt - Date.parse(dueAt ?? '');
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThanOrEqual(TOLD_WITHIN_MS);
    }
    expect(receiver.messages).toHaveLength(3);
  });

  it('are told word for word again what Holter sent but did not see answered before it was killed', async () => {
    receiver.answering = () => 'hang';
    const revived = await start('killed', TIGHT, LOOP);
    const recovered = await told('killed', 'check.recovered');
    await product.kill9Everything();
    receiver.answering = () => 200;
    await product.start({ HOLTER_PORT: new URL(base).port }).printed();

    const again = await receiver.waitForThose(({ id }) => id === recovered.id, 2);
    expect(again.map(({ body }) => body)).toEqual([recovered.body, recovered.body]);
    // Longer than a check here may be silent: who was taken for missing would have been alarmed by then.
    const soFar = [jobOf('healthy'), revived].map((job) => [job, job.answered.length] as const);
    await until(() => soFar.every(([job, count]) => job.answered.length >= count + 8), SOON_MS);
  });

  it('that never stopped raise no alarm, although Holter itself was killed, and no other alarm came', async () => {
    const kinds = new Map<string, string[]>();
    const newest = new Map<string, number>();
    for (const message of new Map(receiver.messages.map((each) => [each.id, each])).values()) {
      const { type, data } = read(message);
      kinds.set(data.check.uuid, [...(kinds.get(data.check.uuid) ?? []), type]);
      expect(data.transition.seq).toBeGreaterThan(newest.get(data.check.uuid) ?? 0);
      newest.set(data.check.uuid, data.transition.seq);
    }
    expect(Object.fromEntries(kinds)).toEqual({
      [idOf('killed')]: ['check.missed', 'check.recovered'],
      [idOf('failing')]: ['check.failed'],
      [idOf('hanging')]: ['check.hung'],
    });
    // Four alarms, and the one that was sent again.
    expect(receiver.messages).toHaveLength(5);
    const { transitions } = await call(`/api/v3/checks/${idOf('healthy')}/transitions/`, key);
    const types = (transitions as Told[]).map(({ type }) => type);
    expect(types.filter((type) => !['check.up', 'check.late', 'check.ontime'].includes(type))).toEqual([]);
  });

  it('find every ping that was answered, those around the kill included', async () => {
    const healthy = jobOf('healthy');
    healthy.end();
    const answered = healthy.answered;
    expect(answered.length).toBeGreaterThan(10);
    const known = async (): Promise<string[]> => {
      const { pings } = await call(`/api/v3/checks/${idOf('healthy')}/pings/`, key);
      return (pings as { ua: string }[]).map(({ ua }) => ua);
    };
    const lost = async (): Promise<number[]> => {
      const names = new Set(await known());
      return answered.filter((n) => !names.has(`job/${n}`));
    };
    await until(async () => (await lost()).length === 0, SOON_MS);
    const { n_pings: count } = await call(`/api/v3/checks/${idOf('healthy')}`, key);
    expect(count).toBeGreaterThanOrEqual(answered.length);
  });
});
