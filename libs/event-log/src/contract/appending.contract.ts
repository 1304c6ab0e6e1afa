import { expect, it } from '@jest/globals';
import { EventLogError, LARGEST_APPEND_BYTES, type EventLog } from '../event-log.ts';
import { numbered, type Stage } from './stage.contract.ts';

/** What writers rely on: consecutive offsets, an end that includes what was answered, and nothing half done. */
export function promisesOfAppending(stage: () => Stage): void {
  it('gives a batch consecutive offsets and answers the first', async () => {
    const topic = stage().timeTopic(2);
    const log = await stage().open(topic);
    expect(await log.append(topic.name, 1, numbered('a', 3))).toBe(0);
    expect(await log.append(topic.name, 1, numbered('b', 2))).toBe(3);
    expect(await log.endOffset(topic.name, 1)).toBe(5);
    expect(await log.endOffset(topic.name, 0)).toBe(0);
  });

  it('counts every partition for itself while several appends are in flight', async () => {
    const topic = stage().timeTopic(4);
    const log = await stage().open(topic);
    const bases = await Promise.all([0, 1, 2, 3].map(async (one) => await appendSome(log, topic.name, one)));
    expect(bases).toEqual([0, 1, 2, 3].map((one) => [0, one + 1, 2 * (one + 1), 3 * (one + 1)]));
  });

  it('shows one instance at once what another has appended', async () => {
    const topic = stage().timeTopic(1);
    const [writer, other] = [await stage().open(topic), await stage().open(topic)];
    await writer.append(topic.name, 0, numbered('a', 7));
    expect(await other.endOffset(topic.name, 0)).toBe(7);
  });

  it('refuses a batch that no store could take', async () => {
    const [topic, compacted] = [stage().timeTopic(1), stage().compactedTopic(1)];
    const log = await stage().open(topic, compacted);
    const one = { key: 'check', value: '{}' };
    const refused: [string, number, { key: string; value: string | null }[]][] = [
      [topic.name, 0, []],
      [topic.name, 1, [one]],
      ['nowhere', 0, [one]],
      [topic.name, 0, [{ key: 'check', value: null }]],
      [topic.name, 0, [{ key: 'check', value: '{\n}' }]],
      [topic.name, 0, [{ key: '', value: '{}' }]],
      [topic.name, 0, [{ key: 'check', value: `"${'x'.repeat(LARGEST_APPEND_BYTES)}"` }]],
    ];
    for (const batch of refused) await expect(log.append(...batch)).rejects.toThrow(EventLogError);
    await expect(log.endOffset(topic.name, 1)).rejects.toThrow(EventLogError);
    expect(await log.endOffset(topic.name, 0)).toBe(0);
  });
}

async function appendSome(log: EventLog, topic: string, partition: number): Promise<number[]> {
  const bases: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    bases.push(await log.append(topic, partition, numbered(`p${partition}`, partition + 1)));
  }
  return bases;
}
