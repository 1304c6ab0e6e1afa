import { expect, it } from '@jest/globals';
import { numbered, type Stage } from './stage.contract.ts';

/** What a subscriber may do: refuse a batch, and not know where to begin. */
export function promisesOfDelivering(stage: () => Stage): void {
  it('offers a refused batch again, skips nothing, and lets other partitions go on meanwhile', async () => {
    const topic = stage().timeTopic(2);
    const log = await stage().open(topic);
    for (const partition of [0, 1]) await log.append(topic.name, partition, numbered('a', 3));
    const offered: number[] = [];
    const reader = stage().reader({
      onDeliver: async (batch) => {
        if (batch.partition === 1) return;
        offered.push(batch.records[0]?.offset ?? -1);
        const otherIsDone = reader.values(1).length === 6;
        if (offered.length < 3 || !otherIsDone) throw new Error('not yet');
      },
    });
    await log.follow(reader.subscription(topic.name));
    await stage().until(() => reader.values(1).length === 3);
    for (const partition of [0, 1]) await log.append(topic.name, partition, numbered('a', 3, 3));
    await stage().until(() => reader.count() === 12);
    expect(offered.slice(0, 3)).toEqual([0, 0, 0]);
    expect(reader.values(0)).toEqual(numbered('a', 6).map((record) => record.value));
    expect(reader.complaints).toEqual([]);
  });

  it('asks again where to begin when that could not be answered', async () => {
    const topic = stage().timeTopic(1);
    const log = await stage().open(topic);
    await log.append(topic.name, 0, numbered('a', 4));
    let asked = 0;
    const reader = stage().reader({
      startAt: () => {
        asked += 1;
        if (asked < 3) throw new Error('the database is not there');
        return 2;
      },
    });
    await log.follow(reader.subscription(topic.name));
    await stage().until(() => reader.count() === 2);
    expect(reader.values(0)).toEqual(['"a-2"', '"a-3"']);
  });
}
