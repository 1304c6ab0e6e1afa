import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BodyKeeper, bodyOf, readBody } from './body.ts';

/** What is kept of bytes that come in pieces of these sizes. */
function keep(bytes: Buffer, limit: number, sizes: readonly number[] = [bytes.length || 1]) {
  const keeper = new BodyKeeper(limit);
  for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    keeper.take(bytes.subarray(from, from + size));
    from += size;
  }
  return keeper.finish();
}

/** Bytes of which each tells its place. */
const counting = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => 33 + (index % 90)));

describe('a body', () => {
  it.each([0, 1, 99, 100])('of %i bytes is kept whole at a limit of 100', (length) => {
    expect(keep(counting(length), 100)).toEqual({ bytes: counting(length), truncated: false });
  });

  it('over the limit keeps its head and its tail, and says how much was between them', () => {
    const body = counting(101);
    const kept = keep(body, 100);
    expect(kept.truncated).toBe(true);
    expect(kept.bytes.toString()).toBe(
      `${body.subarray(0, 50).toString()}\n[... 1 bytes left out ...]\n${body.subarray(51).toString()}`,
    );
  });

  it('of any length in pieces of any size is the same, and within the limit but for the mark', () => {
    fc.assert(
      fc.property(
        fc.nat(700),
        fc.integer({ min: 1, max: 200 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        (length, limit, sizes) => {
          const body = counting(length);
          const kept = keep(body, limit, sizes);
          expect(kept).toEqual(keep(body, limit));
          expect(kept.truncated).toBe(length > limit);
          const head = Math.ceil(limit / 2);
          const tail = limit - head;
          expect(kept.bytes.subarray(0, Math.min(length, head))).toEqual(
            body.subarray(0, Math.min(length, head)),
          );
          const mark = kept.truncated ? `\n[... ${length - limit} bytes left out ...]\n` : '';
          const kepts = kept.truncated ? tail : Math.max(0, length - head);
          expect(kept.bytes.subarray(kept.bytes.length - kepts)).toEqual(body.subarray(length - kepts));
          expect(kept.bytes.toString()).toContain(mark);
          expect(kept.bytes.length).toBeLessThanOrEqual(limit + 200);
        },
      ),
    );
  });

  it('of a gigabyte takes no more memory than its limit', () => {
    const keeper = new BodyKeeper(100_000);
    const piece = Buffer.alloc(64 * 1_024, 'x');
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 16_000; count += 1) keeper.take(piece);
    // What was let go of may not have been collected yet; what is held on to would be all of it.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(400_000_000);
    expect(keeper.finish().bytes.length).toBeLessThanOrEqual(100_200);
  });

  it('in a hundred thousand pieces of a byte is taken as fast as any', () => {
    const body = counting(100_000);
    expect(keep(body, 100_000, [1])).toEqual({ bytes: body, truncated: false });
    expect(keep(body, 10_000, [1])).toEqual(keep(body, 10_000));
  });

  it('does not hold on to the memory of the pieces that it came in', () => {
    const keeper = new BodyKeeper(10);
    const piece = Buffer.from('0123456789');
    keeper.take(piece);
    piece.fill('x');
    expect(keeper.finish().bytes.toString()).toBe('0123456789');
  });
});

describe('reading a body', () => {
  it('takes everything that comes until its end', async () => {
    const stream = Readable.from([Buffer.from('one '), Buffer.from('two')]);
    expect((await readBody(stream, 100)).bytes.toString()).toBe('one two');
  });

  it('fails when the client goes away in the middle', async () => {
    const stream = new Readable({ read: () => undefined });
    const read = readBody(stream, 100);
    stream.push('half');
    stream.destroy(new Error('gone'));
    await expect(read).rejects.toThrow('gone');
  });
});

describe('a body in the log', () => {
  it.each([
    ['nothing', Buffer.alloc(0), null],
    ['text', Buffer.from('grüße ☂\n'), { text: 'grüße ☂\n' }],
    ['a NUL', Buffer.from([0]), { text: '\u0000' }],
    ['a byte order mark', Buffer.from([0xef, 0xbb, 0xbf, 0x41]), { text: '\ufeffA' }],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe]), { base64: '//4=' }],
    ['half a character', Buffer.from('ü').subarray(0, 1), { base64: 'ww==' }],
    ['half a surrogate pair', Buffer.from([0xed, 0xa0, 0x80]), { base64: '7aCA' }],
  ])('comes back byte for byte: %s', (_, bytes, expected) => {
    expect(bodyOf({ bytes, truncated: false })).toEqual(expected);
  });
});
