import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../clock/clock.ts';
import { SystemClock } from '../clock/system-clock.ts';
import { parseCidrList } from './cidr.ts';
import { createGuardedHttp, type GuardedHttp, type GuardedHttpOptions } from './guarded-http.ts';

/** A clock that only moves when told. */
class HandClock implements Clock {
  #at = Date.parse('2026-11-06T08:49:30Z');
  readonly #waiting = new Map<() => void, number>();
  readonly now = (): number => this.#at;
  readonly monotonic = this.now;
  readonly sleep = (): Promise<void> => Promise.reject(new Error('nothing here sleeps'));

  after(lengthMs: number, callback: () => void): () => void {
    this.#waiting.set(callback, this.#at + lengthMs);
    return () => this.#waiting.delete(callback);
  }

  advance(lengthMs: number): void {
    this.#at += lengthMs;
    for (const [callback, at] of this.#waiting) {
      if (at <= this.#at && this.#waiting.delete(callback)) callback();
    }
  }

  get running(): number {
    return this.#waiting.size;
  }
}

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function client(options: Partial<GuardedHttpOptions> = {}): GuardedHttp {
  const allowed = parseCidrList('127.0.0.1');
  const http = createGuardedHttp({ clock: new HandClock(), userAgent: 'test-agent/1', allowed, ...options });
  ends.push(() => http.close());
  return http;
}

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function receiver(answer: (...exchange: Parameters<RequestListener>) => unknown): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  return `http://127.0.0.1:${await listening(server)}/hook`;
}

/** Answers the first bytes of every connection with these bytes, HTTP or not. */
async function rawReceiver(reply: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => socket.once('data', () => reply(socket)));
  return `http://127.0.0.1:${await listening(server)}/`;
}

const headers = { 'x-a': '1', 'user-agent': 'not-this-one' };
const post = (url: string) => ({ url, method: 'POST', headers, body: '{"a":"é"}' }) as const;

describe('an answered request', () => {
  it('arrived as it was given, under our own name, and tells the address dialled', async () => {
    let seen: unknown;
    const url = await receiver(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString('utf8');
      const { 'user-agent': agent, 'x-a': own, cookie, 'content-length': length } = request.headers;
      seen = { method: request.method, version: request.httpVersion, agent, own, cookie, length, body };
      response.writeHead(200, { 'set-cookie': 'a=b' }).end('thank\u0000 you\n');
    });
    const outcome = await client().send(post(url));
    expect(outcome).toEqual({
      kind: 'answered',
      status: 200,
      bodyExcerpt: 'thank you',
      durationMs: 0,
      address: '127.0.0.1',
    });
    expect(seen).toEqual({
      method: 'POST',
      version: '1.1',
      agent: 'test-agent/1',
      own: '1',
      length: '10',
      body: '{"a":"é"}',
    });
  });

  it.each([200, 204, 302, 404, 410, 429, 500, 503])(
    'is an answer whatever its status: %i',
    async (status) => {
      const url = await receiver((_request, response) => response.writeHead(status).end());
      expect(await client().send(post(url))).toMatchObject({ kind: 'answered', status });
    },
  );

  it('that redirects is not followed, and tells where it points', async () => {
    const paths: (string | undefined)[] = [];
    const url = await receiver((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await client().send(post(url))).toMatchObject({ status: 302, location: '/elsewhere' });
    expect(paths).toEqual(['/hook']);
  });

  it.each([
    ['7', 7_000],
    ['Fri, 06 Nov 2026 08:49:37 GMT', 7_000],
  ])('tells how long the receiver asked to wait: %s', async (header, retryAfterMs) => {
    const url = await receiver((_request, response) =>
      response.writeHead(429, { 'retry-after': header }).end(),
    );
    expect(await client().send(post(url))).toMatchObject({ status: 429, retryAfterMs });
  });

  it('with a body of 50 MB costs a few buffers and keeps its status', async () => {
    const chunk = Buffer.alloc(65_536, 'x');
    let produced = 0;
    let finish: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (finish = resolve));
    const url = await receiver((_request, response) => {
      const body = new Readable({
        read() {
          produced += chunk.length;
          this.push(produced > 50_000_000 ? null : chunk);
        },
      });
      response.on('close', finish);
      body.pipe(response);
    });
    const outcome = await client().send(post(url));
    expect(outcome).toMatchObject({ kind: 'answered', status: 200, bodyExcerpt: 'x'.repeat(1_024) });
    await closed;
    // What the kernel's socket buffers took in; nobody read it.
    expect(produced).toBeLessThan(25_000_000);
  });

  it('whose body drips keeps its status when the time is up', async () => {
    const url = await receiver((_request, response) => {
      response.writeHead(200).flushHeaders();
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const http = client({ clock: new SystemClock(), limits: { overallMs: 1_000 } });
    const outcome = await http.send(post(url));
    expect(outcome).toMatchObject({
      kind: 'answered',
      status: 200,
      bodyExcerpt: expect.stringMatching(/^\.+$/),
    });
    expect(outcome.durationMs).toBeGreaterThanOrEqual(990);
    expect(outcome.durationMs).toBeLessThan(5_000);
  });

  it('whose body breaks off keeps its status', async () => {
    const url = await rawReceiver((socket) =>
      socket.end('HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\nhalf of it'),
    );
    expect(await client().send(post(url))).toMatchObject({
      kind: 'answered',
      status: 202,
      bodyExcerpt: 'half of it',
    });
  });
});

describe('a request without an answer', () => {
  it('fails as a timeout when the receiver never answers', async () => {
    const clock = new HandClock();
    const url = await receiver(() => clock.advance(15_000));
    const outcome = await client({ clock }).send(post(url));
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      durationMs: 15_000,
      address: '127.0.0.1',
    });
    expect(clock.running).toBe(0);
  });

  it('fails as a timeout when even the headers drip', async () => {
    const clock = new HandClock();
    const url = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
      clock.advance(15_000);
    });
    expect(await client({ clock }).send(post(url))).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });

  it('fails as a timeout when the name server never answers', async () => {
    const http = client({ resolve: () => new Promise(() => undefined), limits: { connectMs: 50 } });
    expect(await http.send(post('http://slow.example.org/'))).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
    });
  });

  it('ends at once when the overall time is up before there is a connection', async () => {
    const clock = new HandClock();
    const resolve = () => {
      clock.advance(15_000);
      return new Promise<never>(() => undefined);
    };
    const outcome = await client({ clock, resolve }).send(post('http://slow.example.org/'));
    expect(outcome).toEqual({
      kind: 'failed',
      reason: 'timeout',
      detail: 'No complete answer within 15000 ms.',
      durationMs: 15_000,
    });
  });

  it('ends at once when its caller gives up', async () => {
    const controller = new AbortController();
    const clock = new HandClock();
    const url = await receiver(() => controller.abort());
    expect(await client({ clock }).send(post(url), controller.signal)).toMatchObject({ reason: 'aborted' });
    expect(clock.running).toBe(0);
  });

  it('is not even begun when its caller has given up already', async () => {
    let lookups = 0;
    const resolve = async () => {
      lookups += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const url = 'http://hooks.example.org:9/';
    expect(await client({ resolve }).send(post(url), AbortSignal.abort())).toMatchObject({
      reason: 'aborted',
    });
    expect(lookups).toBe(0);
  });

  it('fails as aborted when the client is closed under it', async () => {
    const http = client();
    const url = await receiver(() => void http.close());
    expect(await http.send(post(url))).toMatchObject({ kind: 'failed', reason: 'aborted' });
  });

  it('fails as reset when the receiver drops the connection', async () => {
    const url = await rawReceiver((socket) => socket.resetAndDestroy());
    expect(await client().send(post(url))).toMatchObject({ kind: 'failed', reason: 'reset' });
    const closing = await rawReceiver((socket) => socket.end());
    expect(await client().send(post(closing))).toMatchObject({ kind: 'failed', reason: 'reset' });
  });

  it('fails as connect when nobody listens', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await client().send(post(`http://127.0.0.1:${port}/`))).toMatchObject({
      kind: 'failed',
      reason: 'connect',
    });
  });

  it('fails as dns when the name does not exist', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    const outcome = await client({ resolve }).send(post('http://nowhere.example.org/'));
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'dns', detail: 'no such name' });
  });

  it('fails as protocol when the answer is not HTTP or its headers do not end', async () => {
    const chatty = await rawReceiver((socket) => socket.end('220 mail.example.org ready\r\n'));
    expect(await client().send(post(chatty))).toMatchObject({ kind: 'failed', reason: 'protocol' });
    const endless = await rawReceiver((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}`),
    );
    expect(await client().send(post(endless))).toMatchObject({ kind: 'failed', reason: 'protocol' });
  });
});
