import { expect, it } from '@jest/globals';
import { numbered, type Stage } from './stage.contract.ts';

/** What the end of reading means to a subscriber. */
export function promisesOfEnding(stage: () => Stage): void {
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
    const before = reader.count();
    await log.append(topic.name, 1, numbered('late', 3));
    const later = stage().reader();
    await log.follow(later.subscription(topic.name));
    await stage().until(() => later.values(1).length === 6);
    expect(stopped).toBe(false);
    expect(reader.count()).toBe(before);
    finish();
    await stopping;
    expect(new Set(reader.released)).toEqual(new Set([0, 1]));
    expect(following.owned()).toEqual([]);
    expect(reader.values(1)).toHaveLength(3);
    expect(reader.complaints).toEqual([]);
  });
}
