import { describe, expect, it } from '@jest/globals';
import { plainText } from './plain-text.ts';

describe('text from a stranger', () => {
  it('becomes one visible line', () => {
    expect(plainText('\u0000a\u001b[31mred\u001b[0m\r\n\tb\u202Ec\u2066d\u0085e\u2028f  g ', 100)).toBe(
      'a [31mred [0m b c d e f g',
    );
  });

  it('is cut between characters, never within one', () => {
    expect(plainText('aé', 2)).toBe('a');
    expect(plainText('a👍b', 4)).toBe('a');
    expect(plainText('a👍b', 5)).toBe('a👍');
    expect(Buffer.byteLength(plainText('€'.repeat(1_000), 1_024))).toBe(1_023);
  });

  it('with half a surrogate pair becomes storable', () => {
    expect(plainText('a\uD83Db', 10)).toBe('a\uFFFDb');
  });
});
