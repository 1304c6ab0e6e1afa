import { afterEach, describe, expect, it } from '@jest/globals';
import { SystemClock, silentLogger } from '#platform';
import { Happenings } from '../contract/happenings.contract.ts';
import { Reader, type ReaderHooks } from '../contract/reader.contract.ts';
import type { OffsetRange } from './kafka-offsets.ts';
import { PartitionFeed, type FetchedRecord } from './partition-feed.ts';

const fetched = (from: number, to: number, text = 'x'): FetchedRecord[] =>
  Array.from({ length: to - from }, (_, index) => ({
    offset: String(from + index),
    key: Buffer.from('key'),
    value: Buffer.from(text),
  }));

describe('the feed of one Kafka partition', () => {
  const feeds: PartitionFeed[] = [];
  afterEach(async () => await Promise.all(feeds.splice(0).map(async (feed) => await feed.stop())));

  /** A feed whose consumer only writes down what it is told. */
  function createFeed(hooks: ReaderHooks = {}, range: OffsetRange = { low: 0, high: 1_000_000 }) {
    const happenings = new Happenings();
    const reader = new Reader(happenings, hooks);
    const told: string[] = [];
    const tell = (word: string): void => {
      told.push(word);
      happenings.tell();
    };
    const control = {
      readFrom: (offset: number) => tell(`from ${offset}`),
      pause: () => tell('pause'),
      resume: () => tell('resume'),
    };
    const parts = { clock: new SystemClock(), logger: silentLogger, control, range: async () => range };
    const feed = new PartitionFeed(reader.subscription('beats', 'group'), 0, parts);
    feeds.push(feed);
    const placed = async (): Promise<void> =>
      await happenings.until(() => told.some((word) => word.startsWith('from')));
    return { feed, reader, told, happenings, placed };
  }

  it('leaves out what a fetch brings from below its position', async () => {
    const { feed, reader, happenings, placed } = createFeed({ startAt: () => 5 });
    await placed();
    feed.offer(0, fetched(0, 5));
    feed.offer(3, fetched(3, 8));
    await happenings.until(() => reader.count() === 3);
    expect(reader.records(0).map((record) => record.offset)).toEqual([5, 6, 7]);
  });

  it('takes nothing of a fetch that began above its position, and asks for the right place again', async () => {
    const { feed, reader, told, happenings, placed } = createFeed({ startAt: () => 5 });
    await placed();
    feed.offer(9, fetched(9, 12));
    await happenings.until(() => told.length === 3);
    expect(told).toEqual(['from 5', 'pause', 'from 5']);
    feed.offer(5, fetched(5, 7));
    await happenings.until(() => reader.count() === 2);
    expect(reader.records(0).map((record) => record.offset)).toEqual([5, 6]);
  });

  it('begins at the first record that retention has left', async () => {
    const { told, placed } = createFeed({ startAt: () => 5 }, { low: 40, high: 50 });
    await placed();
    expect(told).toEqual(['from 40']);
  });

  it('goes on from its own position when the partition stays ours over a rebalance', async () => {
    const { feed, told, placed } = createFeed();
    await placed();
    feed.offer(0, fetched(0, 3));
    feed.reposition();
    expect(told).toEqual(['from 0', 'from 3']);
  });

  it('stops fetching while much waits to be delivered, and goes on when little is left', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { feed, reader, told, happenings, placed } = createFeed({ onDeliver: async () => await gate });
    await placed();
    feed.offer(0, fetched(0, 9, 'x'.repeat(1_000_000)));
    expect(told).toEqual(['from 0', 'pause']);
    expect(feed.hungrySince(100)).toBeNull();
    release();
    await happenings.until(() => told.at(-1) === 'resume' && reader.count() === 9);
    expect(reader.batches.map((batch) => batch.records.length)).toEqual([4, 4, 1]);
    expect(feed.hungrySince(100)).not.toBeNull();
    expect(feed.hungrySince(9)).toBeNull();
  });

  it('delivers nothing more once it was stopped', async () => {
    const { feed, reader, placed } = createFeed();
    await placed();
    await feed.stop();
    feed.offer(0, fetched(0, 3));
    expect(reader.count()).toBe(0);
  });
});
