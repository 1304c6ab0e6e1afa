import { expect, it } from '@jest/globals';
import { EventLogError, type TopicSpec } from '../event-log.ts';
import type { Stage } from './stage.contract.ts';

/** What an operator meets at the start: topics appear by themselves, and a wrong shape is refused with the reason. */
export function promisesOfOpening(stage: () => Stage): void {
  it('opens twice at the same time on an empty store', async () => {
    const topics = [stage().timeTopic(4), stage().compactedTopic(1)];
    const logs = await Promise.all([stage().open(...topics), stage().open(...topics)]);
    for (const log of logs) expect(await log.endOffset(topics[0]?.name ?? '', 3)).toBe(0);
  });

  it('finds what was appended before it was opened again', async () => {
    const topic = stage().timeTopic(1);
    const earlier = await stage().open(topic);
    await earlier.append(topic.name, 0, [{ key: 'check', value: '{}' }]);
    await earlier.close();
    expect(await (await stage().open(topic)).endOffset(topic.name, 0)).toBe(1);
  });

  it('refuses a topic that has another number of partitions, and says so', async () => {
    const topic = stage().timeTopic(4);
    await stage().open(topic);
    const reopened = stage().open({ ...topic, partitions: 16 });
    await expect(reopened).rejects.toThrow(EventLogError);
    await expect(reopened).rejects.toThrow(new RegExp(`${topic.name} has 4 partitions.* 16`));
  });

  it('refuses a topic that has another policy, and says so', async () => {
    const topic = stage().timeTopic(2);
    await stage().open(topic);
    const compacted: TopicSpec = { ...topic, policy: { kind: 'compacted' } };
    await expect(stage().open(compacted)).rejects.toThrow(/time.*compacted/);
  });

  it('closes twice without complaint', async () => {
    const log = await stage().open(stage().timeTopic(1));
    await log.close();
    await expect(log.close()).resolves.toBeUndefined();
  });
}
