import { expect, it } from '@jest/globals';
import type { NewRecord } from '../event-log.ts';
import { numbered, type Stage } from './stage.contract.ts';

const watermark = (producer: string, at: number): NewRecord => ({
  key: producer,
  value: `{"at":${at}}`,
  supersedes: `watermark/${producer}`,
});

/** What may vanish from a log and what may not. */
export function promisesOfKeeping(stage: () => Stage): void {
  it('shows a late reader of a compacted topic the newest value of each key, and which keys are gone', async () => {
    const topic = stage().compactedTopic(2);
    const log = await stage().open(topic);
    const put = (key: string, value: string | null): NewRecord => ({ key, value });
    await log.append(topic.name, 1, [put('a', '1'), put('b', '1'), put('a', '2')]);
    await log.append(topic.name, 1, [put('c', '1'), put('b', null)]);
    await log.append(topic.name, 1, [put('c', null)]);
    expect(await log.append(topic.name, 1, [put('c', '2')])).toBe(6);
    const reader = stage().reader();
    await log.follow(reader.subscription(topic.name));
    await stage().until(() => reader.records(1).some((record) => record.offset === 6));
    const newest = new Map(reader.records(1).map((record) => [record.key, record.value]));
    expect(newest).toEqual(
      new Map([
        ['a', '2'],
        ['b', null],
        ['c', '2'],
      ]),
    );
    await log.append(topic.name, 1, [put('a', null)]);
    await stage().until(() => reader.records(1).at(-1)?.offset === 7);
    expect(reader.records(1).at(-1)).toEqual({ offset: 7, key: 'a', value: null });
    expect(reader.complaints).toEqual([]);
  });

  it('lets only superseded records vanish, and only from the end of the partition', async () => {
    const topic = stage().timeTopic(1);
    const log = await stage().open(topic);
    const append = async (...records: NewRecord[]): Promise<number> =>
      await log.append(topic.name, 0, records);
    await append(watermark('a', 1));
    await append(watermark('a', 2));
    await append(...numbered('ping', 2), watermark('a', 3));
    await append(watermark('b', 4));
    await append(watermark('a', 5));
    await append(watermark('a', 6));
    expect(await append(...numbered('ping', 1, 2))).toBe(8);
    await append(watermark('a', 7), watermark('a', 8));
    const reader = stage().reader();
    await log.follow(reader.subscription(topic.name));
    await stage().until(() => reader.records(0).some((record) => record.offset === 10));
    const offsets = reader.records(0).map((record) => record.offset);
    // 0 and 5 were the partition's last record when their successor came: an adapter may have dropped them.
    expect(offsets.filter((offset) => offset !== 0 && offset !== 6)).toEqual([1, 2, 3, 4, 5, 7, 8, 9, 10]);
    expect(await log.endOffset(topic.name, 0)).toBe(11);
  });

  it('reaches a reader who is behind with every record that superseded another', async () => {
    const topic = stage().timeTopic(1);
    const [log, other] = [await stage().open(topic), await stage().open(topic)];
    const reader = stage().reader();
    await other.follow(reader.subscription(topic.name));
    for (let at = 0; at < 50; at += 1) await log.append(topic.name, 0, [watermark('a', at)]);
    await stage().until(() => reader.values(0).at(-1) === '{"at":49}');
    expect(reader.complaints).toEqual([]);
  });
}
