import { describe, expect, it } from '@jest/globals';
import { parseCidrList } from './cidr.ts';
import { DestinationRefused, guardedLookup, permittedUrl, type Resolve } from './destination-guard.ts';

type Found = { addresses: readonly string[] } | { refused: string; sentence: string } | { code: unknown };

/** Asks the hook the way a socket does, for one address or for all of them. */
function look(resolve: Resolve, name: string, list = '', all = true): Promise<Found> {
  return new Promise((done) => {
    guardedLookup(resolve, parseCidrList(list))(name, { all }, (error, address) => {
      if (error instanceof DestinationRefused) done({ refused: error.reason, sentence: error.message });
      else if (error) done({ code: error.code });
      else done({ addresses: typeof address === 'string' ? [address] : address.map((one) => one.address) });
    });
  });
}

/** A name server that gives the next answer at each question, and the last one for ever. */
function answering(...answers: readonly (readonly string[])[]): Resolve {
  let question = 0;
  return async () => {
    const answer = answers[Math.min(question, answers.length - 1)] ?? [];
    question += 1;
    return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
}

describe('the lookup of a guarded connection', () => {
  it('hands the socket the very addresses that were checked', async () => {
    expect(await look(answering(['8.8.8.8', '2606:4700::1111']), 'example.org')).toEqual({
      addresses: ['8.8.8.8', '2606:4700::1111'],
    });
    expect(await look(answering(['8.8.8.8', '9.9.9.9']), 'example.org', '', false)).toEqual({
      addresses: ['8.8.8.8'],
    });
  });

  it('refuses a name whose answer flips from public to loopback at the next connection', async () => {
    const flipping = answering(['8.8.8.8'], ['127.0.0.1']);
    expect(await look(flipping, 'rebind.example.org')).toEqual({ addresses: ['8.8.8.8'] });
    expect(await look(flipping, 'rebind.example.org')).toMatchObject({ refused: 'private_address' });
  });

  it.each([
    [['8.8.8.8', '127.0.0.1']],
    [['127.0.0.1', '8.8.8.8']],
    [['2606:4700::1111', '::ffff:10.0.0.1']],
    [['8.8.8.8', 'fe80::1%eth0']],
    [['8.8.8.8', '127.1']],
  ])('refuses a name when any one of its addresses is bad: %s', async (answer) => {
    expect(await look(answering(answer), 'mixed.example.org')).toMatchObject({ refused: 'private_address' });
    expect(await look(answering(answer), 'mixed.example.org', '', false)).toMatchObject({
      refused: 'private_address',
    });
  });

  it('does not tell a stranger which address an internal name has', async () => {
    const found = await look(answering(['10.20.30.40']), 'db.example.org');
    expect(found).toEqual({
      refused: 'private_address',
      sentence: 'db.example.org resolves to an address that is not public (private).',
    });
  });

  it('takes public and listed addresses of one name together', async () => {
    const answer = answering(['8.8.8.8', '10.0.0.5']);
    expect(await look(answer, 'split.example.org', '10.0.0.0/8')).toEqual({
      addresses: ['8.8.8.8', '10.0.0.5'],
    });
  });

  it('takes a local name only when every address of it is listed', async () => {
    expect(await look(answering(['10.0.0.5']), 'hooks.internal', '10.0.0.0/8')).toEqual({
      addresses: ['10.0.0.5'],
    });
    expect(await look(answering(['127.0.0.1', '::1']), 'localhost', '127.0.0.0/8')).toMatchObject({
      refused: 'private_address',
    });
    expect(await look(answering(['8.8.8.8']), 'hooks.internal', '10.0.0.0/8')).toMatchObject({
      refused: 'local_name',
    });
    expect(await look(answering(['8.8.8.8']), 'LOCALHOST.', '10.0.0.0/8')).toMatchObject({
      refused: 'local_name',
    });
  });

  it('passes on that a name does not exist or has no address', async () => {
    const unknown: Resolve = () =>
      Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    expect(await look(unknown, 'nowhere.example.org')).toEqual({ code: 'ENOTFOUND' });
    expect(await look(answering([]), 'empty.example.org')).toEqual({ code: 'ENODATA' });
  });
});

describe('a URL to be requested', () => {
  it.each([
    'file:///etc/passwd',
    'ftp://example.org/',
    'gopher://127.0.0.1:6379/_',
    'javascript:1',
    'data:,x',
    'ws://a.org',
  ])('must be http or https: %s', (url) => {
    expect(() => permittedUrl(url, [])).toThrow(expect.objectContaining({ reason: 'bad_scheme' }));
  });

  it.each([
    '',
    'example.org',
    '/path',
    'http://',
    'http://a b/',
    'https://user@example.org/',
    'http://:secret@8.8.8.8/',
  ])('must be whole and without credentials: "%s"', (url) => {
    expect(() => permittedUrl(url, [])).toThrow(expect.objectContaining({ reason: 'bad_url' }));
  });

  it.each([
    'https://localhost.example.org/',
    'https://internal.example.org/',
    'https://mylocal/',
    'http://8.8.8.8:81/',
  ])('may have a name that only resembles a local one: %s', (url) => {
    expect(permittedUrl(url, []).href).toBe(url);
  });
});
