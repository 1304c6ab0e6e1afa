import { expect, it } from '@jest/globals';
import { numbered, quoted, type Stage } from './stage.contract.ts';

/** What readers rely on: everything from where they asked, in order, whoever else reads. */
export function promisesOfReading(stage: () => Stage): void {
  it('reads from the offset that was asked for, what is there and what comes', async () => {
    const topic = stage().timeTopic(2);
    const log = await stage().open(topic);
    await log.append(topic.name, 1, numbered('a', 5));
    const reader = stage().reader({ startAt: (partition) => (partition === 1 ? 3 : 0) });
    const following = await log.follow(reader.subscription(topic.name));
    expect(following.owned()).toEqual([0, 1]);
    await stage().until(() => reader.count() === 2);
    await log.append(topic.name, 1, numbered('a', 2, 5));
    await stage().until(() => reader.count() === 4);
    expect(reader.records(1).map((record) => record.offset)).toEqual([3, 4, 5, 6]);
    expect(reader.values(1)).toEqual(quoted('a', 3, 7));
    expect(reader.batches.at(-1)?.nextOffset).toBe(7);
    expect(reader.complaints).toEqual([]);
  });

  it('reads from an offset that does not exist yet as soon as it is there', async () => {
    const topic = stage().timeTopic(1);
    const log = await stage().open(topic);
    await log.append(topic.name, 0, numbered('a', 20));
    const reader = stage().reader({ startAt: () => 25 });
    await log.follow(reader.subscription(topic.name));
    await stage().until(() => reader.startsAsked.length === 1);
    await log.append(topic.name, 0, numbered('a', 10, 20));
    await stage().until(() => reader.count() === 5);
    expect(reader.values(0)).toEqual(quoted('a', 25, 30));
  });

  it('gives everything to every reader without a group', async () => {
    const topic = stage().timeTopic(2);
    const [log, other] = [await stage().open(topic), await stage().open(topic)];
    const readers = [stage().reader(), stage().reader(), stage().reader()];
    for (const [index, one] of readers.entries()) {
      await (index === 0 ? other : log).follow(one.subscription(topic.name));
    }
    for (const partition of [0, 1]) await log.append(topic.name, partition, numbered('a', 10));
    await stage().until(() => readers.every((reader) => reader.count() === 20));
    for (const reader of readers) expect(reader.values(1)).toEqual(quoted('a', 0, 10));
  });
}
