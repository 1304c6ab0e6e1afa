import { expect, it } from '@jest/globals';
import { LARGEST_APPEND_BYTES, type EventLog } from '../event-log.ts';
import { numbered, quoted, type Stage } from './stage.contract.ts';

/** That the log is a faithful one: nothing lost, repeated, reordered or altered, whoever else writes. */
export function promisesOfFaithfulness(stage: () => Stage): void {
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
