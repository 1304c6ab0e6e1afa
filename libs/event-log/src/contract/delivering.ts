import { expect, it } from '@jest/globals';
import { numbered, type Stage } from './stage.ts';

/** What a subscriber may do: refuse a batch, take its time, and end reading in the middle. */
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

  it('ends reading in mid-stream only after the batch in hand, and delivers nothing afterwards', async () => {
    const topic = stage().timeTopic(2);
    const log = await stage().open(topic);
    let finish = (): void => undefined;
    let inHand = 0;
    const reader = stage().reader({
      onDeliver: async (batch) => {
        if (batch.partition === 1) return;
        inHand += 1;
        stage().happenings.tell();
        await new Promise<void>((resolve) => (finish = resolve));
      },
    });
    const following = await log.follow(reader.subscription(topic.name));
    for (const partition of [0, 1]) await log.append(topic.name, partition, numbered('a', 3));
    await stage().until(() => inHand === 1 && reader.values(1).length === 3);
    let stopped = false;
    const stopping = following.stop().then(() => (stopped = true));
    await stage().until(() => reader.released.includes(1));
    expect(stopped).toBe(false);
    finish();
    await stopping;
    expect([...reader.released].sort()).toEqual([0, 1]);
    expect(following.owned()).toEqual([]);
    const before = reader.count();
    await log.append(topic.name, 1, numbered('late', 3));
    const later = stage().reader();
    await log.follow(later.subscription(topic.name));
    await stage().until(() => later.values(1).length === 6);
    expect(reader.count()).toBe(before);
    expect(reader.complaints).toEqual([]);
  });
}
