import { expect, it } from '@jest/globals';
import { LARGEST_APPEND_BYTES, type EventLog } from '../event-log.ts';
import { numbered, type Stage } from './stage.ts';

const quoted = (name: string, from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `"${name}-${from + index}"`);

/** What readers rely on: everything from where they asked, in order, unchanged, whoever else reads or writes. */
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

  it('loses, repeats and reorders nothing while two instances append to one partition', async () => {
    const topic = stage().timeTopic(1);
    const logs = [await stage().open(topic), await stage().open(topic), await stage().open(topic)];
    const readers = logs.map(() => stage().reader());
    for (const [index, log] of logs.entries()) {
      await log.follow((readers[index] ?? stage().reader()).subscription(topic.name));
    }
    const writing = ['left', 'right'].map(async (name, index) => {
      const log = logs[index];
      if (log !== undefined) await writeBatches(log, topic.name, name);
    });
    await Promise.all(writing);
    await stage().until(() => readers.every((reader) => reader.count() >= 1_400));
    for (const reader of readers) {
      expect(reader.complaints).toEqual([]);
      for (const name of ['left', 'right']) {
        const own = reader.records(0).filter((record) => record.key === name);
        expect(own.map((record) => record.value)).toEqual(quoted(name, 0, 700));
      }
    }
  });

  it('keeps every text as it was: quotes, escapes, other scripts, and a megabyte', async () => {
    const topic = stage().timeTopic(1);
    const log = await stage().open(topic);
    const texts = [
      '{"a":"\\"\\\\\\n\\u0000"}',
      "'; --",
      '{}',
      '"\\\\N"',
      'NULL',
      '"žluťoučký 🐎 日本"',
      '\t{ }\r',
    ];
    const large = `"${'größer '.repeat(130_000)}"`;
    const keys = ['check/1', 'a,b', '"', '{}', 'NULL', 'ключ', '\\N'];
    await log.append(
      topic.name,
      0,
      texts.map((value, index) => ({ key: keys[index] ?? 'key', value })),
    );
    await log.append(topic.name, 0, [{ key: 'large', value: large }]);
    const largest = `"${'x'.repeat(LARGEST_APPEND_BYTES - 100)}"`;
    await log.append(topic.name, 0, [{ key: 'largest', value: largest }]);
    const reader = stage().reader();
    await log.follow(reader.subscription(topic.name));
    await stage().until(() => reader.count() === texts.length + 2);
    expect(reader.values(0).slice(0, texts.length)).toEqual(texts);
    expect(reader.values(0)[texts.length] === large).toBe(true);
    expect(reader.values(0)[texts.length + 1] === largest).toBe(true);
    expect(reader.records(0).map((record) => record.key)).toEqual([...keys, 'large', 'largest']);
  });
}

async function writeBatches(log: EventLog, topic: string, name: string): Promise<void> {
  for (let sent = 0; sent < 700; sent += 7) await log.append(topic, 0, numbered(name, 7, sent));
}
