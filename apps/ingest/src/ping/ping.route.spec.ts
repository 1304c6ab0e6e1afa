import http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import type { PingReceived } from '#domain';
import { DEFINITIONS, encodeDefinition } from '#event-log';
import { createMetrics, silentLogger, type Metrics } from '#platform';
import { FakeClock } from '#testing';
import { IngestProducer } from '../producer/ingest-producer.ts';
import { START_AT, definition, quiet } from '../producer/sample.contract.ts';
import { ScriptedLog } from '../producer/scripted-log.contract.ts';
import { CheckRegistry } from '../registry/check-registry.ts';
import { mountPingRoute } from './ping.route.ts';

const U = definition.checkId;
const K = definition.pingKey;
const RID = '9b2f4c1d-8e7a-4f3b-a6c5-d0e1f2a3b4c5';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

let clock: FakeClock;
let log: ScriptedLog;
let metrics: Metrics;
let server: FastifyInstance;

beforeEach(async () => {
  clock = new FakeClock(START_AT);
  log = new ScriptedLog(clock);
  await log.open();
  const identity = { producer: 'ingest-1', nextEpoch: () => 1 };
  const producer = new IngestProducer({
    identity,
    log,
    clock,
    logger: silentLogger,
    appended: () => undefined,
  });
  producer.start();
  const registry = new CheckRegistry(log, clock);
  const twin = { ...definition, checkId: '00000000-0000-4000-8000-000000000002', slug: 'twins' };
  const records = [definition, twin, { ...twin, checkId: '00000000-0000-4000-8000-000000000003' }].map(
    (each, offset) => ({ offset, key: each.checkId, value: encodeDefinition(each) }),
  );
  registry.take({ topic: DEFINITIONS, partition: 0, records, nextOffset: records.length });
  metrics = createMetrics({ withProcess: false });
  const answered = metrics.counter('pings', 'Answered pings.', ['dialect', 'answer']);
  server = fastify({ trustProxy: ['127.0.0.0/8'] });
  mountPingRoute(server, { registry, producer, clock, answered, bodyLimit: 100 });
  await server.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => await server.close());

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly headers: http.IncomingHttpHeaders;
}

interface CallOptions {
  readonly method?: string;
  readonly payload?: string | Buffer;
  readonly headers?: http.OutgoingHttpHeaders;
}

async function call(url: string, options: CallOptions = {}): Promise<Answer> {
  const { method = 'GET', payload = '', headers = {} } = options;
  const address = server.server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return await new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path: url, method, headers, agent: false });
    request.once('error', reject);
    request.once('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      response.once('end', () => resolve({ status: response.statusCode, body, headers: response.headers }));
    });
    request.end(payload);
  });
}

function lastPing(): PingReceived {
  const found = log.beats().findLast((beat) => beat.type === 'ping.received');
  if (found === undefined) throw new Error('No ping was written.');
  return found;
}

describe('a ping that is taken', () => {
  it('is answered with OK in plain text, never cached, readable from any page', async () => {
    const { status, body, headers } = await call(`/ping/${U}`);
    expect([status, body]).toEqual([200, 'OK']);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'max-age=0, no-cache, no-store, must-revalidate, private',
      'access-control-allow-origin': '*',
      'ping-body-limit': '100',
    });
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)('may come by %s', async (method) => {
    expect(await call(`/ping/${U}`, { method })).toMatchObject({ status: 200, body: 'OK' });
    expect(lastPing()).toMatchObject({ checkId: U, method, kind: 'success', dialect: 'healthchecks' });
  });

  it('may come by HEAD, and then has no body in its answer', async () => {
    expect(await call(`/ping/${U}`, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    expect(lastPing().method).toBe('HEAD');
  });

  it.each([
    [`/ping/${U}/`, { kind: 'success', exitStatus: null, rid: null }],
    [`/ping/${U}/start?rid=${RID}`, { kind: 'start', rid: RID }],
    [`/ping/${U}/log?rid=${RID.toUpperCase()}`, { kind: 'log', rid: RID }],
    [`/ping/${U}/progress?rid=${RID}`, { kind: 'progress', rid: RID }],
    [`/ping/${K}/backup/progress`, { kind: 'progress', rid: null, checkId: U }],
    [`/ping/${U}?rid=nonsense&rid=${RID}`, { kind: 'success', rid: RID }],
    [`/ping/${U}/0`, { kind: 'success', exitStatus: 0 }],
    [`/ping/${U}/255`, { kind: 'fail', exitStatus: 255 }],
    [`/ping/${K}/backup/fail?create=1`, { kind: 'fail', checkId: U }],
  ])('is written as what it says: %s', async (url, said) => {
    expect(await call(url)).toMatchObject({ status: 200, body: 'OK' });
    expect(lastPing()).toMatchObject(said);
  });

  it('is written with who sent it, cut and without control characters', async () => {
    const headers = { 'user-agent': `curl\t/8 ${'x'.repeat(300)}`, 'x-forwarded-for': '198.51.100.7' };
    await call(`/ping/${U}`, { headers });
    expect(lastPing().userAgent).toBe(`curl/8 ${'x'.repeat(300)}`.slice(0, 200));
    expect(lastPing()).toMatchObject({ remoteAddr: '198.51.100.7', scheme: 'http' });
  });

  it('is written with the address of its connection when no proxy names another', async () => {
    await call(`/ping/${U}`);
    expect(lastPing().remoteAddr).toBe('127.0.0.1');
  });
});

describe('numbers in a ping', () => {
  it('are written by name', async () => {
    await call(`/ping/${U}?m.rows=1200&m.Errors=0`);
    expect(lastPing().metrics).toEqual({ rows: 1_200, errors: 0 });
  });

  it.each(['', '?', '?m.rows=', '?m.rows=many&m.=1', '?m.%ff=1', '?m.rows=%zz', '?%%%&&&==='])(
    'never cost the ping, and are none where they cannot be read: %s',
    async (query) => {
      expect(await call(`/ping/${U}${query}`)).toMatchObject({ status: 200, body: 'OK' });
      expect(lastPing().metrics).toBeNull();
    },
  );
});

describe('the body of a ping', () => {
  it.each([
    'application/json',
    'text/plain; charset=utf-16',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'nonsense',
    'a/b/c; ;=;',
    '',
  ])('is taken as bytes whatever its content type says: %s', async (type) => {
    const payload = '{"not json';
    const answer = await call(`/ping/${U}`, { method: 'POST', payload, headers: { 'content-type': type } });
    expect(answer).toMatchObject({ status: 200, body: 'OK' });
    expect(lastPing().body).toEqual({ text: payload });
  });

  it('over the limit is cut and not refused', async () => {
    const payload = Buffer.alloc(3_000_000, 'x');
    expect(await call(`/ping/${U}`, { method: 'POST', payload })).toMatchObject({ status: 200 });
    expect(lastPing()).toMatchObject({
      bodyTruncated: true,
      body: { text: `${'x'.repeat(50)}\n[... 2999900 bytes left out ...]\n${'x'.repeat(50)}` },
    });
  });

  it('that is empty is none', async () => {
    await call(`/ping/${U}`, { method: 'POST', payload: '' });
    expect(lastPing()).toMatchObject({ body: null, bodyTruncated: false });
  });
});

describe('a ping that is refused', () => {
  it.each([
    [`/ping/${UNKNOWN}`, 404, 'not found'],
    [`/ping/${UNKNOWN}/256`, 404, 'not found'],
    [`/ping/${K}/other`, 404, 'not found'],
    [`/ping/${'0'.repeat(32)}/backup`, 404, 'not found'],
    [`/ping/${U}/foo`, 404, 'not found'],
    [`/ping/${U}/FOO`, 400, 'invalid url format'],
    [`/ping/${K}/Backup`, 400, 'invalid url format'],
    [`/ping/${U}/256`, 400, 'invalid url format'],
    [`/ping/${U}/256?rid=x`, 400, 'invalid url format'],
    [`/ping/${U}?rid=x`, 400, 'invalid uuid format'],
    [`/ping/${U}?rid=`, 400, 'invalid uuid format'],
    [`/ping/${K}/twins`, 409, 'ambiguous slug'],
    ['/ping/', 404, 'not found'],
  ])('is told why, word for word as Healthchecks does: %s', async (url, status, text) => {
    const answer = await call(url);
    expect([answer.status, answer.body]).toEqual([status, text]);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(log.types()).not.toContain('ping.received');
  });

  it('is counted by its status', async () => {
    await call(`/ping/${U}`);
    await call(`/ping/${UNKNOWN}`);
    const text = await metrics.text();
    expect(text).toContain('pings{dialect="healthchecks",answer="200"} 1');
    expect(text).toContain('pings{dialect="healthchecks",answer="404"} 1');
  });
});

describe('a ping that cannot be made durable in time', () => {
  it('is answered with 503 and asked to come back after a second, and is written once the log is back', async () => {
    log.answer('refused');
    const answer = call(`/ping/${U}`);
    await log.attempted(2);
    await quiet();
    clock.advanceTo(START_AT + 10_000);
    expect(await answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    log.answer('taken');
    await quiet();
    clock.advanceTo(START_AT + 20_000);
    await quiet();
    expect(lastPing().receivedAt).toBe(START_AT);
  });
});

describe('a check that may only not have been read yet', () => {
  it('is answered with 503, because a client takes 404 as final', async () => {
    await log.append(DEFINITIONS, 0, [
      { key: 'a', value: '{}' },
      { key: 'b', value: '{}' },
    ]);
    await log.append(DEFINITIONS, 0, [
      { key: 'c', value: '{}' },
      { key: 'd', value: '{}' },
    ]);
    const answer = call(`/ping/${UNKNOWN}`);
    while (!(await settlesNow(answer))) clock.advanceTo(clock.now() + 1_000);
    expect(await answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });
});

/** Whether an answer is there after a turn of the loop. */
async function settlesNow(answer: Promise<unknown>): Promise<boolean> {
  return await Promise.race([answer.then(() => true), quiet().then(() => false)]);
}
