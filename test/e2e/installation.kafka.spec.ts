import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { Webhook } from 'standardwebhooks';
import {
  FakeReceiver,
  createTestDatabase,
  startKafkaBroker,
  type ReceivedMessage,
  type KafkaBroker,
  type TestDatabase,
} from '#testing';
import { Pinger } from './services-pinger.ts';
import { Service, freePorts, type ServiceName } from './services-processes.ts';

const OPERATOR_KEY = 'operator-key-for-tests';
const CHECKS = 50;

let broker: KafkaBroker;
let database: TestDatabase;
let receiver: FakeReceiver;
let folder: string;
let services: Record<ServiceName, Service>;
let pingers: Pinger[] = [];

beforeAll(async () => {
  broker = await startKafkaBroker();
  database = await createTestDatabase();
  receiver = await FakeReceiver.start();
  folder = mkdtempSync(path.join(os.tmpdir(), 'holter-services-'));
  const [ingest = 0, evaluator = 0, notifier = 0, api = 0] = await freePorts(4);
  const kafka = { KAFKA_BROKERS: broker.brokers };
  const DATABASE_URL = database.url;
  services = {
    ingest: new Service('ingest', ingest, { ...kafka, HOLTER_DATA_DIR: path.join(folder, 'ingest') }),
    evaluator: new Service('evaluator', evaluator, kafka),
    notifier: new Service('notifier', notifier, {
      ...kafka,
      DATABASE_URL,
      HOLTER_ALLOW_PRIVATE_NETWORKS: '127.0.0.1/32',
    }),
    api: new Service('api', api, {
      ...kafka,
      DATABASE_URL,
      HOLTER_ADMIN_KEY: OPERATOR_KEY,
      HOLTER_DATA_DIR: path.join(folder, 'api'),
      HOLTER_PUBLIC_URL: `http://127.0.0.1:${ingest}`,
    }),
  };
}, 180_000);

afterAll(async () => {
  await Promise.all(pingers.map(async (pinger) => await pinger.stop()));
  for (const service of Object.values(services ?? {})) await service.kill9();
  await receiver?.stop();
  await database?.drop();
  await broker?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function post(pathname: string, key: string, body: object): Promise<Record<string, string>> {
  const headers = { 'x-api-key': key };
  const answer = await fetch(services.api.url + pathname, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}

async function get(pathname: string, key: string): Promise<Record<string, never>> {
  const answer = await fetch(services.api.url + pathname, { headers: { 'x-api-key': key } });
  return (await answer.json()) as Record<string, never>;
}

interface Told {
  readonly type: string;
  readonly data: {
    readonly check: { readonly uuid: string };
    readonly transition: { readonly id: string; readonly seq: number };
  };
}

describe('the four services on Kafka and PostgreSQL', () => {
  it('start in any order and make topics of the right shape', async () => {
    for (const name of ['notifier', 'evaluator', 'ingest', 'api'] as const) services[name].start();
    await Promise.all(Object.values(services).map(async (service) => await service.ready()));
    const admin = new Kafka({ brokers: broker.brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({
      topics: ['holter.beats', 'holter.definitions', 'holter.transitions', 'holter.snapshots'],
    });
    expect(Object.fromEntries(topics.map(({ name, partitions }) => [name, partitions.length]))).toEqual({
      'holter.beats': 16,
      'holter.definitions': 1,
      'holter.transitions': 16,
      'holter.snapshots': 16,
    });
    await admin.disconnect();
  }, 120_000);

  it('alarm exactly the jobs that stopped, each once and in order, although each service is killed once', async () => {
    const { api_key: key = '' } = await post('/api/v3/projects', OPERATOR_KEY, { name: 'services' });
    const config = { url: receiver.url };
    const { secret = '' } = await post('/api/v3/channels/', key, { kind: 'webhook', name: 'hook', config });
    const ids: string[] = [];
    for (let index = 0; index < CHECKS; index += 1) {
      const check = { name: `job ${index}`, timeout: 5, grace: 4, channels: '*' };
      ids.push((await post('/api/v3/checks/', key, check))['uuid'] ?? '');
    }
    pingers = ids.map((id) => new Pinger(`${services.ingest.url}/ping/${id}`));
    const stopping = pingers.slice(0, CHECKS / 2);
    const stoppingIds = ids.slice(0, CHECKS / 2);

    for (const name of ['evaluator', 'ingest'] as const) {
      await services[name].kill9();
      services[name].start();
      await services[name].ready();
    }
    expect(receiver.messages).toEqual([]);
    await Promise.all(stopping.map(async (pinger) => await pinger.stop()));
    // Half of the alarms are on their way while the notifier dies, and the rest while the api does.
    await receiver.waitFor(5);
    for (const name of ['notifier', 'api'] as const) {
      await services[name].kill9();
      services[name].start();
      await services[name].ready();
    }
    const missed = await toldIds('check.missed', CHECKS / 2);
    expect(missed).toEqual([...stoppingIds].sort());

    for (const pinger of stopping) await pinger.ping();
    expect(await toldIds('check.recovered', CHECKS / 2)).toEqual([...stoppingIds].sort());
    // From here on the stopped jobs are silent again and will rightly be missed once more.
    verifyMessages(secret, [...receiver.messages]);
    await Promise.all(pingers.map(async (pinger) => await pinger.stop()));

    for (const [index, id] of ids.entries()) {
      const document = await get(`/api/v3/checks/${id}`, key);
      expect(Number(document['n_pings'])).toBeGreaterThanOrEqual(pingers[index]?.acknowledged ?? Infinity);
    }
  }, 240_000);

  it('end cleanly on SIGTERM', async () => {
    const statuses = await Promise.all(Object.values(services).map(async (service) => await service.stop()));
    expect(statuses).toEqual([0, 0, 0, 0]);
  }, 30_000);
});

/** The checks that were told about with this type, once as many as expected were; sorted. */
async function toldIds(type: string, count: number): Promise<string[]> {
  for (let wanted = 1; ; wanted += 1) {
    const messages = await receiver.waitFor(wanted);
    const told = messages
      .map(({ body }) => JSON.parse(body) as Told)
      .filter((message) => message.type === type);
    const ids = [...new Set(told.map(({ data }) => data.check.uuid))];
    if (ids.length >= count) return ids.sort();
  }
}

/** Signed, one body per id however often it came, and per check in the order of its numbers. */
function verifyMessages(secret: string, messages: readonly ReceivedMessage[]): void {
  const bodies = new Map<string, string>();
  const newest = new Map<string, number>();
  const kinds = new Map<string, number>();
  for (const { id, headers, body } of messages) {
    const told = new Webhook(secret).verify(body, { ...headers }) as Told;
    const { check, transition } = told.data;
    expect(transition.id).toBe(id);
    expect(bodies.get(id) ?? body).toBe(body);
    if (bodies.has(id)) continue;
    expect(transition.seq).toBeGreaterThan(newest.get(check.uuid) ?? 0);
    newest.set(check.uuid, transition.seq);
    kinds.set(told.type, (kinds.get(told.type) ?? 0) + 1);
    bodies.set(id, body);
  }
  expect(Object.fromEntries(kinds)).toEqual({ 'check.missed': CHECKS / 2, 'check.recovered': CHECKS / 2 });
}
