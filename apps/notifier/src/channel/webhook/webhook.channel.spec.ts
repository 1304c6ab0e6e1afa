import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { createGuardedHttp, parseCidrList, SystemClock, type GuardedHttp } from '#platform';
import { createWebhookChannel, type WebhookMessage } from './webhook.channel.ts';
import { newSigningSecret } from './webhook.signature.ts';

const clock = new SystemClock();
const servers: Server[] = [];
const clients: GuardedHttp[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((http) => http.close()));
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function receiver(answer: (...exchange: Parameters<RequestListener>) => unknown): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

function channel(allowedNetworks = '127.0.0.1') {
  const http = createGuardedHttp({ clock, userAgent: 'Holter', allowed: parseCidrList(allowedNetworks) });
  clients.push(http);
  return createWebhookChannel({ http, clock });
}

const secret = newSigningSecret();
const message = (url: string): WebhookMessage => ({
  url,
  secrets: [secret],
  deliveryId: '0f0e0d0c-0b0a-4a0b-8c0d-0e0f0a0b0c0d:42',
  eventType: 'check.missed',
  body: '{"type":"check.missed","data":{"name":"Größe"}}',
  attempt: 3,
});

describe('the webhook channel', () => {
  it('sends what an independent verifier accepts, and says which attempt it is', async () => {
    let seen: { method: string | undefined; headers: IncomingHttpHeaders; body: string } | undefined;
    const url = await receiver(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString('utf8');
      seen = { method: request.method, headers: request.headers, body };
      response.writeHead(202).end('accepted');
    });
    const verdict = await channel().send(message(url));

    expect(verdict).toMatchObject({
      outcome: 'delivered',
      status: 202,
      responseExcerpt: 'accepted',
      address: '127.0.0.1',
    });
    expect(seen?.method).toBe('POST');
    expect(seen?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Holter',
      'webhook-id': message(url).deliveryId,
      'holter-attempt': '3',
      'holter-event': 'check.missed',
    });
    const verified = new Webhook(secret).verify(seen?.body ?? '', seen?.headers as Record<string, string>);
    expect(verified).toEqual(JSON.parse(message(url).body));
  });

  it('passes on what the receiver asked for', async () => {
    const url = await receiver((_request, response) =>
      response.writeHead(429, { 'retry-after': '7' }).end('slow down'),
    );
    expect(await channel().send(message(url))).toMatchObject({
      outcome: 'retry',
      reason: 'rate_limited',
      afterMs: 7_000,
      responseExcerpt: 'slow down',
    });
  });

  it('is done with a receiver that says 410', async () => {
    const url = await receiver((_request, response) => response.writeHead(410).end());
    expect(await channel().send(message(url))).toMatchObject({
      outcome: 'refused',
      reason: 'gone',
      status: 410,
    });
  });

  it('does not reach into the own network unless the operator listed it', async () => {
    let requests = 0;
    const url = await receiver((_request, response) => {
      requests += 1;
      response.end();
    });
    expect(await channel('').send(message(url))).toMatchObject({
      outcome: 'refused',
      reason: 'private_address',
    });
    expect(requests).toBe(0);
  });

  it('ends an attempt whose sender is shutting down as one to be repeated', async () => {
    const ending = new AbortController();
    const url = await receiver(() => ending.abort());
    expect(await channel().send(message(url), ending.signal)).toMatchObject({
      outcome: 'retry',
      reason: 'aborted',
    });
  });

  it('lets a message that cannot be signed die visibly, without a request', async () => {
    let requests = 0;
    const url = await receiver((_request, response) => {
      requests += 1;
      response.end();
    });
    const verdict = await channel().send({ ...message(url), secrets: ['whsec_'] });
    expect(verdict).toMatchObject({ outcome: 'refused', reason: 'unsignable' });
    expect(requests).toBe(0);
  });
});
