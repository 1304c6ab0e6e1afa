import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BEATS, LogStrategy, decodeBeat, openEventLog, type EventLog } from '#event-log';
import { Database } from '#persistence';
import {
  Health,
  SystemClock,
  createMetrics,
  parseCidrList,
  silentLogger,
  startApp,
  type Served,
} from '#platform';
import {
  FakeClock,
  FakeReceiver,
  createTestDatabase,
  type ReceivedMessage,
  type TestDatabase,
} from '#testing';
import { standaloneModules } from '../../apps/standalone/src/standalone.module.ts';
import { logMigration } from '../../apps/standalone/src/standalone.ts';

export const OPERATOR_KEY = 'operator-key-for-tests';
const PARTITIONS = 2;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Documents of every shape come this way; each test says what it expects of its own.
  // oxlint-disable-next-line typescript/no-explicit-any -- a document of any shape
  readonly json: any;
}

/** The whole product in one process on a real PostgreSQL, reached by HTTP alone, in virtual time. */
export class World {
  readonly #watermarks = new Map<number, number>();
  readonly #waiting = new Set<() => void>();
  readonly #keys: string[] = [];

  private constructor(
    readonly clock: FakeClock,
    readonly receiver: FakeReceiver,
    private readonly parts: { database: TestDatabase; folder: string; log: EventLog; served: Served },
  ) {}

  /** `stallMs`: a jump of time that is longer is one in which the product was not listening. */
  static async start(startAt: string, { stallMs = Infinity } = {}): Promise<World> {
    const clock = new FakeClock(Date.parse(startAt));
    const database = await createTestDatabase();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'holter-world-'));
    const receiver = await FakeReceiver.start();
    const opened = await Database.open({
      url: database.url,
      applicationName: 'test',
      poolSize: 5,
      migrations: [logMigration],
    });
    // The log's own polling runs in real time; only what the product measures is virtual.
    const log = await openEventLog({
      place: { databaseUrl: database.url },
      partitions: PARTITIONS,
      clientId: 'test',
      clock: new SystemClock(),
      logger: silentLogger,
    });
    const platform = {
      clock,
      logger: silentLogger,
      metrics: createMetrics({ withProcess: false }),
      health: new Health(),
    };
    const served = await startApp({
      name: 'test',
      platform,
      http: { host: '127.0.0.1', port: 0, trustedProxies: ['127.0.0.0/8'] },
      modules: standaloneModules({
        platform,
        log,
        database: opened,
        dataFolder: folder,
        bodyLimit: 10_000,
        allowedNetworks: parseCidrList('127.0.0.1/32'),
        adminKey: OPERATOR_KEY,
        publicUrl: () => 'http://holter.test',
        dashboardNeedsKey: false,
        stallMs,
      }),
      strategy: new LogStrategy(log),
      closing: async () => {
        await log.close();
        await opened.close();
      },
    });
    const world = new World(clock, receiver, { database, folder, log, served });
    await world.#followTime();
    await world.#told(clock.now());
    return world;
  }

  get url(): string {
    return `http://127.0.0.1:${this.parts.served.where.port}`;
  }

  async stop(): Promise<void> {
    await this.parts.served.close();
    await this.receiver.stop();
    await this.parts.database.drop();
    rmSync(this.parts.folder, { recursive: true, force: true });
  }

  /** Moves time forward, and waits until every partition's fold has been told. */
  async advance(seconds: number): Promise<void> {
    await this.advanceTo(new Date(this.clock.now() + seconds * 1_000).toISOString());
  }

  async advanceTo(instant: string): Promise<void> {
    await this.#delivered();
    this.clock.advanceTo(Date.parse(instant));
    await this.#told(this.clock.now());
  }

  async call(
    method: string,
    pathname: string,
    options: { key?: string; body?: unknown } = {},
  ): Promise<Answer> {
    const headers = options.key === undefined ? {} : { 'x-api-key': options.key };
    const body = options.body === undefined ? null : JSON.stringify(options.body);
    return await this.raw(pathname, { method, headers, body });
  }

  async raw(pathname: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(this.url + pathname, { ...init, redirect: 'manual' });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : null,
    };
  }

  /** A project with a webhook channel that ends at this world's receiver. */
  async project(
    name: string,
  ): Promise<{ key: string; readKey: string; pingKey: string; secret: string; channel: string }> {
    const project = await this.call('POST', '/api/v3/projects', { key: OPERATOR_KEY, body: { name } });
    const key: string = project.json.api_key;
    this.#keys.push(key);
    const config = { url: this.receiver.url };
    const channel = await this.call('POST', '/api/v3/channels/', {
      key,
      body: { kind: 'webhook', name: 'hook', config },
    });
    const { api_key_readonly: readKey, ping_key: pingKey } = project.json;
    return { key, readKey, pingKey, secret: channel.json.secret, channel: channel.json.uuid };
  }

  /** A check that tells every channel of its project, at once whatever the other tests' checks do; answers its id. */
  async check(key: string, fields: object): Promise<string> {
    const body = { channels: '*', hold_on_mass_silence: false, ...fields };
    const answer = await this.call('POST', '/api/v3/checks/', { key, body });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.json.uuid;
  }

  /** A ping from an address, with a body if there is something to say. */
  async ping(checkId: string, what = '', said: { from?: string; body?: string } = {}): Promise<void> {
    const { from, body } = said;
    const headers = from === undefined ? {} : { 'x-forwarded-for': from };
    const method = body === undefined ? 'GET' : 'POST';
    const answer = await this.raw(`/ping/${checkId}${what}`, { method, headers, body: body ?? null });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  }

  async document(key: string, checkId: string): Promise<Answer['json']> {
    return (await this.call('GET', `/api/v3/checks/${checkId}`, { key })).json;
  }

  /** What was told about one check, once there are `count` messages. Other tests' checks have messages of their own. */
  async told(checkId: string, count: number): Promise<readonly ReceivedMessage[]> {
    return await this.receiver.waitForThose(
      ({ body }) => JSON.parse(body).data.check.uuid === checkId,
      count,
    );
  }

  /** A check's transitions, oldest first. */
  async transitions(key: string, checkId: string): Promise<Answer['json'][]> {
    const { json } = await this.call('GET', `/api/v3/checks/${checkId}/transitions/`, { key });
    return json.transitions.reverse();
  }

  /** The types of a check's transitions, oldest first. */
  async history(key: string, checkId: string): Promise<string[]> {
    return (await this.transitions(key, checkId)).map(({ type }) => type);
  }

  /** What the ledger has of a check, oldest first, once there is as much as `count`. */
  async deliveries(key: string, checkId: string, count: number): Promise<Answer['json'][]> {
    for (;;) {
      const { json } = await this.call('GET', `/api/v3/deliveries/?check=${checkId}`, { key });
      if (json.deliveries.length < count) continue;
      return json.deliveries.sort((left: { seq: number }, right: { seq: number }) => left.seq - right.seq);
    }
  }

  /** The types of all that a check's channels are told, up to a failure that is told after it. */
  async toldBeforeFailure(key: string, checkId: string): Promise<string[]> {
    await this.ping(checkId, '/fail');
    for (;;) {
      const told = (await this.deliveries(key, checkId, 1)).map(({ type }) => type);
      // Deliveries are planned in the order of the transitions, so whatever else there is to tell is there by now.
      if (told.at(-1) === 'check.failed') return told.slice(0, -1);
    }
  }

  /** A message that is on its way would time out in a jump of the clock: first it must have arrived. */
  async #delivered(): Promise<void> {
    for (const key of this.#keys) {
      for (;;) {
        const { json } = await this.call('GET', '/api/v3/deliveries/?state=pending', { key });
        const due = json.deliveries.filter(({ next_attempt_at: at }: { next_attempt_at: string }) => {
          return Date.parse(at) <= this.clock.now();
        });
        if (due.length === 0) break;
      }
    }
  }

  async #followTime(): Promise<void> {
    await this.parts.log.follow({
      topic: BEATS,
      group: null,
      startAt: async () => 0,
      deliver: async (batch) => {
        for (const { value } of batch.records) {
          const decoded = value === null ? null : decodeBeat(value);
          if (decoded?.ok && decoded.event.type === 'watermark')
            this.#watermarks.set(batch.partition, decoded.event.at);
        }
        for (const look of this.#waiting) look();
      },
    });
  }

  async #told(at: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        const all = Array.from(
          { length: PARTITIONS },
          (_, partition) => this.#watermarks.get(partition) ?? 0,
        );
        if (Math.min(...all) < at) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
