// Every spelling below leads, or tries to lead, back into the network of the sender. A listener on every local address
// proves that not even a connection was made.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock } from '../clock/system-clock.ts';
import { parseCidrList } from './cidr.ts';
import type { Resolve } from './destination-guard.ts';
import { createGuardedHttp, type GuardedHttp } from './guarded-http.ts';
import type { OutboundOutcome } from './outbound-outcome.ts';

const LOOPBACK_SPELLINGS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0x7F.0x0.0x0.0x1',
  '017700000001',
  '0177.1',
  '0177.0.0.01',
  '127.0.0.1.',
  '127.0.0.0x1',
  '①②⑦.⓪.⓪.①',
  '１２７.０.０.１',
  '127。0。0。1',
  '%31%32%37.0.0.1',
];

/** Table rows separated by white space. */
const words = (text: string): string[] => text.trim().split(/\s+/);

const OTHER_HOSTS = words(`
  0 0.0.0.0 0x0 00.0.0.0 0.0.0.0. 127.255.255.254 [::] [0:0:0:0:0:0:0:0]
  [::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001]
  [::ffff:127.0.0.1] [::FFFF:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:0.0.0.0] [::ffff:10.0.0.1]
  [::127.0.0.1] [::7f00:1] [::10.0.0.1] [::169.254.169.254] [::ffff:0:127.0.0.1]
  [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::127.0.0.1] [64:ff9b::169.254.169.254]
  [2002:7f00:1::] [2002:a9fe:a9fe::1] [2002:0a00:0001::1]
  [2001::1] [2001:0:7f00:1::] [2001:0:4136:e378:8000:63bf:80ff:fffe]
  169.254.169.254 2852039166 0xA9FEA9FE 0251.0376.0251.0376 169.254.43518 [::ffff:a9fe:a9fe]
  10.0.0.1 10.1 172.16.0.1 172.31.255.255 192.168.1.1 192.168.257 0xc0a80101
  100.64.0.1 100.100.100.200 192.0.0.192 168.63.129.16 2822734096 [::ffff:168.63.129.16]
  [fd00:ec2::254] [fc00::1] [fe80::1] [fec0::1] [ff02::1] [2001:db8::1] [3fff::1] [100::1]
  [5f00::1] [4000::1] 224.0.0.1 255.255.255.255 240.0.0.1 192.0.2.1 198.18.0.1 203.0.113.7
`);

const ZONES_AND_DISGUISES = words(`
  [fe80::1%25eth0] [fe80::1%eth0] [::1%25lo] [::1%lo]
  user@127.0.0.1 8.8.8.8@127.0.0.1 example.org:80@127.0.0.1 127.0.0.1%00.example.org 256.256.256.256
`);

const LOCAL_NAMES = words(`
  localhost LOCALHOST localhost. LocalHost.. ⓛocalhost app.localhost printer.local local
  metadata.google.internal metadata.google.internal. vault.internal
`);

const BAD_ANSWERS = words(`
  127.0.0.1 ::1 ::ffff:127.0.0.1 ::127.0.0.1 0.0.0.0 :: fe80::1%lo 169.254.169.254 10.0.0.1 64:ff9b::7f00:1
  2002:7f00:1:: 168.63.129.16 fd00:ec2::254 127.1 2130706433 localhost
`);

let sink: Server;
let port = 0;
let connections = 0;
const open: GuardedHttp[] = [];

/** One request of a fresh client, so that no earlier connection can be used again. */
async function request(host: string, list = '', resolve: Resolve = neverAsked): Promise<OutboundOutcome> {
  const http = createGuardedHttp({
    clock: new SystemClock(),
    userAgent: 'test',
    allowed: parseCidrList(list),
    resolve,
  });
  open.push(http);
  return http.send({
    url: `http://${host}:${port}/`,
    method: 'POST',
    headers: {},
    body: '{}',
  });
}

const neverAsked: Resolve = (hostname) => Promise.reject(new Error(`${hostname} was looked up`));

beforeAll(async () => {
  sink = createServer((_request, response) => response.end());
  sink.on('connection', () => (connections += 1));
  // Without an address the listener takes every local one, of both families where there are two.
  await new Promise<void>((resolve) => sink.listen(0, resolve));
  port = (sink.address() as AddressInfo).port;
});

afterAll(async () => {
  await Promise.all(open.map((http) => http.close()));
  await new Promise((resolve) => sink.close(resolve));
});

describe('a request into the network of the sender', () => {
  it.each([...LOOPBACK_SPELLINGS, ...OTHER_HOSTS])(
    'is refused before a connection is made: http://%s/',
    async (host) => {
      expect(await request(host)).toMatchObject({ kind: 'refused', reason: 'private_address' });
      expect(connections).toBe(0);
    },
  );

  it.each(ZONES_AND_DISGUISES)('is refused in a URL made to confuse: http://%s/', async (host) => {
    expect(await request(host)).toMatchObject({ kind: 'refused', reason: 'bad_url' });
    expect(connections).toBe(0);
  });

  it.each(LOCAL_NAMES)('is refused by the name alone: http://%s/', async (host) => {
    expect(await request(host)).toMatchObject({ kind: 'refused', reason: 'local_name' });
    expect(connections).toBe(0);
  });

  it.each(BAD_ANSWERS)('is refused when a public name resolves to "%s"', async (address) => {
    const resolve: Resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }];
    expect(await request('hooks.example.org', '', resolve)).toMatchObject({
      kind: 'refused',
      reason: 'private_address',
      address,
    });
    expect(connections).toBe(0);
  });
});

describe('the listener behind the refusals', () => {
  it.each(LOOPBACK_SPELLINGS)(
    'would have seen a connection, as it does once the network is listed: %s',
    async (host) => {
      const before = connections;
      expect(await request(host, '127.0.0.0/8')).toMatchObject({
        kind: 'answered',
        status: 200,
        address: '127.0.0.1',
      });
      expect(connections).toBe(before + 1);
    },
  );

  it('is reached by a local name whose every address is listed', async () => {
    const resolve: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    for (const name of ['localhost', 'app.internal', 'hooks.example.org']) {
      expect(await request(name, '127.0.0.1/32', resolve)).toMatchObject({
        kind: 'answered',
        address: '127.0.0.1',
      });
    }
  });
});
