import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { SystemClock } from '../clock/system-clock.ts';
import { parseCidrList } from './cidr.ts';
import { createGuardedHttp } from './guarded-http.ts';

describe('a connection that was checked', () => {
  it('stays in use without another lookup, and a new one is looked up and checked again', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      if (requests === 2) response.setHeader('connection', 'close');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://rebind.example.org:${(server.address() as AddressInfo).port}/`;

    // The name server flips after its first answer, to an address that is not listed.
    let lookups = 0;
    const http = createGuardedHttp({
      clock: new SystemClock(),
      userAgent: 'test',
      allowed: parseCidrList('127.0.0.1'),
      resolve: async () => {
        lookups += 1;
        return [{ address: lookups === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
      },
    });
    const request = () => http.send({ url, method: 'POST', headers: {}, body: '{}' });

    expect(await request()).toMatchObject({ kind: 'answered', address: '127.0.0.1' });
    // The connection is free again once the client has seen the answer through, which is a turn after we have it.
    await new Promise(setImmediate);
    expect(await request()).toMatchObject({ kind: 'answered', address: '127.0.0.1' });
    expect(lookups).toBe(1);
    expect(await request()).toMatchObject({ kind: 'refused', address: '127.0.0.2' });
    expect({ lookups, requests }).toEqual({ lookups: 2, requests: 2 });

    await http.close();
    server.close();
  });
});
