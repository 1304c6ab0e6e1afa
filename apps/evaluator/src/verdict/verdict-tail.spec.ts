import { describe, expect, it } from '@jest/globals';
import type { LogBatch } from '#event-log';
import { VerdictTail } from './verdict-tail.ts';

function batch(partition: number, oseqs: readonly number[], from = 0): LogBatch {
  const records = oseqs.map((oseq, index) => ({
    offset: from + index,
    key: 'key',
    value: JSON.stringify({ v: 1, type: 'check.up', oseq }),
  }));
  return { topic: 'holter.transitions', partition, records, nextOffset: from + oseqs.length };
}

describe('what is out already', () => {
  it('is nothing before anything was read', () => {
    expect(new VerdictTail().oseqOf(3)).toBe(0);
  });

  it('is the newest number, for each partition by itself', () => {
    const tail = new VerdictTail();
    tail.take(batch(0, [1, 2, 3]));
    tail.take(batch(1, [7]));
    expect([tail.oseqOf(0), tail.oseqOf(1), tail.oseqOf(2)]).toEqual([3, 7, 0]);
  });

  it('does not go back with a number that a twin repeated', () => {
    const tail = new VerdictTail();
    tail.take(batch(0, [1, 2, 3, 2, 3]));
    tail.take(batch(0, [1], 5));
    expect(tail.oseqOf(0)).toBe(3);
  });

  it('passes over what cannot be read', () => {
    const tail = new VerdictTail();
    const records = [{ offset: 0, key: 'key', value: 'nonsense' }];
    tail.take({ topic: 'holter.transitions', partition: 0, records, nextOffset: 1 });
    expect(tail.oseqOf(0)).toBe(0);
  });
});

describe('waiting for the tail', () => {
  it('is over at once when there is nothing to read', async () => {
    await expect(new VerdictTail().caughtUpTo(0, 0)).resolves.toBeUndefined();
  });

  it('is over when everything before the offset was read, and not before', async () => {
    const tail = new VerdictTail();
    let done = false;
    const waiting = tail.caughtUpTo(0, 5).then(() => (done = true));
    tail.take(batch(0, [1, 2, 3, 4]));
    tail.take(batch(1, [1, 2, 3, 4, 5]));
    await Promise.resolve();
    expect(done).toBe(false);
    tail.take(batch(0, [5], 4));
    await waiting;
    expect(done).toBe(true);
  });
});
