import { expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import type { EventLog, LogBatch, TopicSpec } from '../event-log.ts';
import type { Reader } from './reader.contract.ts';
import { numbered, ownedBy, type Stage } from './stage.contract.ts';

const ALL = [0, 1, 2, 3];

/** A session of 6 s, one round of joining and a fetch; the rest is for a busy machine. */
const TAKE_OVER_LIMIT_MS = 15_000;

const clock = new SystemClock();

/** How members of a group share: each partition has one owner, and an owner that goes is replaced. */
export function promisesOfSharing(stage: () => Stage): void {
  it('shares the partitions of a group fairly, each with one owner', async () => {
    const topic = stage().timeTopic(4);
    const logs = [await stage().open(topic), await stage().open(topic)];
    const readers = logs.map(() => stage().reader());
    const followings = await Promise.all(
      logs.map(async (log, index) => {
        const reader = readers[index] ?? stage().reader();
        return await log.follow(reader.subscription(topic.name, stage().name('group')));
      }),
    );
    const settled = (): boolean =>
      String(ownedBy(...followings)) === String(ALL) && followings.every((one) => one.owned().length === 2);
    await stage().until(settled);
    for (const partition of ALL) await logs[0]?.append(topic.name, partition, numbered('a', 5));
    await stage().until(() => readers.reduce((sum, one) => sum + one.count(), 0) >= 20);
    expect(settled()).toBe(true);
    for (const [index, reader] of readers.entries()) {
      const owned = followings[index]?.owned() ?? [];
      for (const partition of owned) expect(reader.values(partition)).toHaveLength(5);
      expect(reader.complaints).toEqual([]);
    }
  });

  it('hands the partitions of a member that stops to the others, who go on from where they are told', async () => {
    const members = await twoMembers(stage());
    await members.leave(async (following) => await following.stop());
    await members.check();
    expect(new Set(members.leaver.released)).toEqual(new Set(ALL));
  });

  it('hands the partitions of a member that dies to the others within 15 seconds', async () => {
    const members = await twoMembers(stage());
    const severedAt = clock.monotonic();
    await members.leave(async (_, log) => stage().harness.sever(log));
    await members.check();
    expect(clock.monotonic() - severedAt).toBeLessThan(TAKE_OVER_LIMIT_MS);
  });
}

interface TwoMembers {
  readonly leaver: Reader;
  leave(how: (following: { stop(): Promise<void> }, log: EventLog) => Promise<void>): Promise<void>;
  check(): Promise<void>;
}

/** Two members that read half of the partitions each and note, as a projection does, how far each one is. */
async function twoMembers(stage: Stage): Promise<TwoMembers> {
  const topic: TopicSpec = stage.timeTopic(4);
  const positions = new Map<number, number>();
  const hooks = {
    startAt: (partition: number) => positions.get(partition) ?? 0,
    onDeliver: async (batch: LogBatch) => void positions.set(batch.partition, batch.nextOffset),
  };
  const [writer, first, second] = [await stage.open(topic), await stage.open(topic), await stage.open(topic)];
  const [leaver, stayer] = [stage.reader(hooks), stage.reader(hooks)];
  const group = stage.name('group');
  const leaving = await first.follow(leaver.subscription(topic.name, group));
  await stage.until(() => leaving.owned().length === 4);
  const staying = await second.follow(stayer.subscription(topic.name, group));
  await stage.until(() => leaving.owned().length === 2 && staying.owned().length === 2);
  for (const partition of ALL) await writer.append(topic.name, partition, numbered('a', 5));
  await stage.until(() => ALL.every((partition) => positions.get(partition) === 5));
  return {
    leaver,
    leave: async (how) => {
      await how(leaving, first);
      for (const partition of ALL) await writer.append(topic.name, partition, numbered('a', 5, 5));
    },
    check: async () => {
      const taken = leaver.count();
      await stage.until(() => ALL.every((partition) => positions.get(partition) === 10));
      expect(staying.owned()).toEqual(ALL);
      for (const partition of ALL) {
        const newest = stayer.values(partition).slice(-5);
        expect(newest).toEqual(numbered('a', 5, 5).map((record) => record.value));
      }
      expect(leaver.count()).toBe(taken);
      expect([...leaver.complaints, ...stayer.complaints]).toEqual([]);
    },
  };
}
