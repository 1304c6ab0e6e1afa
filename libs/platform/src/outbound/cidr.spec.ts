import { describe, expect, it } from '@jest/globals';
import { classifyAddress } from './address-policy.ts';
import { CidrListError, parseCidrList } from './cidr.ts';

describe('a list of allowed networks', () => {
  it('may be empty, and may have spaces and empty parts', () => {
    expect(parseCidrList('')).toEqual([]);
    expect(parseCidrList(' 10.0.0.0/8 ,, fd00::/8 ,').map((cidr) => cidr.text)).toEqual([
      '10.0.0.0/8',
      'fd00::/8',
    ]);
  });

  it.each([
    ['10.0.0.0/8', '10.255.255.255', '11.0.0.0'],
    ['10.9.8.7/8', '10.0.0.1', '172.16.0.1'],
    ['127.0.0.1/32', '127.0.0.1', '127.0.0.2'],
    ['127.0.0.1', '127.0.0.1', '127.0.0.2'],
    ['::1/128', '::1', '127.0.0.1'],
    ['fd00::/8', 'fd12:3456::1', 'fc00::1'],
    ['169.254.169.254/32', '169.254.169.254', '169.254.169.253'],
    ['64:ff9b::/96', '64:ff9b::8.8.8.8', '64:ff9b:1::8.8.8.8'],
    ['::ffff:10.0.0.0/104', '10.1.2.3', '192.168.0.1'],
  ])('with %s allows %s', (list, inside) => {
    expect(classifyAddress(inside, parseCidrList(list))).toEqual({ allowed: true });
  });

  it.each([
    ['10.0.0.0/8', '192.168.0.1'],
    ['127.0.0.1/32', '127.0.0.2'],
    ['127.0.0.0/8', '::1'],
    ['::/0', '127.0.0.1'],
    ['0.0.0.0/0', '::1'],
    ['10.0.0.0/8', '64:ff9b::10.0.0.1'],
  ])('with %s still refuses %s', (list, outside) => {
    expect(classifyAddress(outside, parseCidrList(list)).allowed).toBe(false);
  });

  it.each(['::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:127.0.0.1'])(
    'allows a listed IPv4 address also when it is spelled %s',
    (mapped) => {
      expect(classifyAddress(mapped, parseCidrList('127.0.0.1/32'))).toEqual({ allowed: true });
    },
  );

  it.each([
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '010.0.0.0/8',
    '0x7f.1',
    'lan',
    'example.org/8',
    'fe80::1%eth0/64',
    '[::1]/128',
    '10.0.0.0 /8',
    '10.0.0.0/255.0.0.0',
  ])('is refused with a sentence that quotes the wrong part: %s', (part) => {
    const parse = (): unknown => parseCidrList(`192.168.0.0/16,${part}`);
    expect(parse).toThrow(CidrListError);
    expect(parse).toThrow(`"${part}"`);
  });
});
