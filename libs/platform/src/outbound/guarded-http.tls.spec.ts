import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createServer, type Server as PlainServer } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SystemClock } from '../clock/system-clock.ts';
import { parseCidrList } from './cidr.ts';
import { createGuardedHttp } from './guarded-http.ts';
import type { OutboundOutcome } from './outbound-outcome.ts';

const servers: (PlainServer | TlsServer)[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** One https request to the server under a host name. */
async function requestTo(server: PlainServer | TlsServer): Promise<OutboundOutcome> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = createGuardedHttp({
    clock: new SystemClock(),
    userAgent: 'test',
    allowed: parseCidrList('127.0.0.1'),
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  const outcome = await http.send({ url, method: 'POST', headers: {}, body: '{}' });
  await http.close();
  return outcome;
}

describe('a request over TLS', () => {
  it('fails as tls when the receiver speaks plain HTTP', async () => {
    const server = createServer((_request, response) => response.end());
    expect(await requestTo(server)).toMatchObject({ kind: 'failed', reason: 'tls' });
  });

  it('fails as tls, with nothing said, when nobody vouches for the certificate', async () => {
    let requests = 0;
    const server = createTlsServer(SELF_SIGNED, () => (requests += 1));
    expect(await requestTo(server)).toMatchObject({
      kind: 'failed',
      reason: 'tls',
      detail: expect.stringContaining('certificate'),
    });
    expect(requests).toBe(0);
  });
});

/** For CN=localhost until 2126, made once with openssl; it guards nothing. */
const SELF_SIGNED = {
  cert: new X509Certificate(
    Buffer.from(
      'MIIBfzCCASWgAwIBAgIUDZIeReWGXsfPLPTqnjT/j+iP9+QwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzEz' +
        'MjQzNVoYDzIxMjYxMDMwMTMyNDM1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS0R1LBcSfGvXAY' +
        'vkz89uACtEL9OAn1itJg3uDxI6AN5HOs9IB7Mjn60MVdCU/uLw5J18UM8VTESBOxE2kZExnQo1MwUTAdBgNVHQ4EFgQUhBEHNBA1lqURc+mh' +
        'crRj56UHU1wwHwYDVR0jBBgwFoAUhBEHNBA1lqURc+mhcrRj56UHU1wwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAr4eb' +
        '83g87Zgke3Sx81AoGZhbW4fMNjXjsq8lTfwRk/kCIH1JhL1I4kVXTM4Hnr+tbcGqo3UR66dqdk1zo/JgmcjX',
      'base64',
    ),
  ).toString(),
  key: createPrivateKey({
    key: Buffer.from(
      'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgo1E59ISrxLrgqeGNihHOiJ1ZN6gCafHB9hvgKVQR8kWhRANCAAS0R1LBcSfG' +
        'vXAYvkz89uACtEL9OAn1itJg3uDxI6AN5HOs9IB7Mjn60MVdCU/uLw5J18UM8VTESBOxE2kZExnQ',
      'base64',
    ),
    format: 'der',
    type: 'pkcs8',
  }).export({ format: 'pem', type: 'pkcs8' }),
};
