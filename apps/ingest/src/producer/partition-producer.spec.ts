import { beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '#platform';
import { FakeClock } from '#testing';
import { PartitionProducer } from './partition-producer.ts';
import { START_AT, definition, ping } from './sample.contract.ts';
import { ScriptedLog } from './scripted-log.contract.ts';

let clock: FakeClock;
let log: ScriptedLog;
let producer: PartitionProducer;

beforeEach(async () => {
  clock = new FakeClock(START_AT);
  log = new ScriptedLog(clock);
  await log.open();
  producer = new PartitionProducer(0, {
    producer: 'ingest-1',
    log,
    clock,
    logger: silentLogger,
    appended: () => undefined,
    noticeStall: () => undefined,
    silenceMs: 5_000,
    rejoin: (partition, listenedUntilAt) => partition.join(2, listenedUntilAt),
  });
  producer.join(1, START_AT);
  await log.attempted(1);
});

/** The log takes nothing until the answer is yes, and the clock goes on meanwhile. */
async function awayFor(lengthMs: number): Promise<void> {
  log.answer('refused');
  producer.tick();
  await log.attempted(2);
  clock.advanceTo(START_AT + lengthMs);
}

const pingsOf = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => {
    const { type, userAgent }: { type: string; userAgent?: string } = JSON.parse(line);
    return type === 'ping.received' && userAgent !== undefined ? [userAgent] : [];
  });
const watermarkOf = (lines: readonly string[]): number => {
  const last: { type: string; at: number } = JSON.parse(lines.at(-1) ?? '{}');
  return last.type === 'watermark' ? last.at - START_AT : NaN;
};

describe('a ping', () => {
  it('is answered once the log has it, and not before', async () => {
    log.hold();
    let answered = false;
    const taken = producer.take(ping()).then((durable) => (answered = durable));
    await log.attempted(2);
    expect(answered).toBe(false);
    log.release();
    expect(await taken).toBe(true);
    expect(log.types()).toEqual(['ingest.joined', 'watermark', 'ping.received', 'watermark']);
  });

  it('is stamped when it is taken, however long the log then takes', async () => {
    log.hold();
    const taken = producer.take(ping());
    await log.attempted(2);
    clock.advanceTo(START_AT + 3_000);
    const later = producer.take(ping());
    clock.advanceTo(START_AT + 4_000);
    log.release();
    await Promise.all([taken, later]);
    const stamps = log
      .beats()
      .flatMap((beat) => (beat.type === 'ping.received' ? [beat.receivedAt - START_AT] : []));
    expect(stamps).toEqual([0, 3_000]);
  });

  it('waits its turn: one append is in flight, and the order is that of taking', async () => {
    log.hold();
    const first = producer.take(ping('1'));
    await log.attempted(2);
    const rest = ['2', '3', '4'].map(async (name) => await producer.take(ping(name)));
    log.release();
    expect(await Promise.all([first, ...rest])).toEqual([true, true, true, true]);
    expect(log.inFlightMax).toBe(1);
    expect(log.attempts.map(pingsOf)).toEqual([[], ['1'], ['2', '3', '4']]);
  });

  it('carries numbers without a gap, over many appends', async () => {
    for (const name of ['1', '2', '3']) await producer.take(ping(name));
    const numbers = log.beats().flatMap((beat) => (beat.type === 'ping.received' ? [beat.pseq] : []));
    expect(numbers).toEqual([1, 2, 3]);
  });
});

describe('an append', () => {
  it('ends with a watermark right after its last ping, so that this ping can be judged at once', async () => {
    await producer.take(ping());
    expect(watermarkOf(log.attempts.at(-1) ?? [])).toBe(1);
    expect(log.judged(definition).verdicts).toHaveLength(1);
  });

  it('never says that it is later than a ping that still waits', async () => {
    log.hold();
    const first = producer.take(ping('first'));
    await log.attempted(2);
    const many = Array.from({ length: 1_000 }, async () => await producer.take(ping('many')));
    clock.advanceTo(START_AT + 70);
    const last = producer.take(ping('last'));
    clock.advanceTo(START_AT + 90);
    log.release();
    await Promise.all([first, ...many, last]);
    expect(log.attempts.map((lines) => pingsOf(lines).length)).toEqual([0, 1, 1_000, 1]);
    expect(log.attempts.slice(2).map(watermarkOf)).toEqual([70, 90]);
  });

  it('is small enough for the log whatever the bodies are', async () => {
    const body = { text: '\u0001'.repeat(100_000) };
    const taken = Array.from(
      { length: 40 },
      async (_, index) => await producer.take(ping(String(index), { body })),
    );
    expect(await Promise.all(taken)).toEqual(taken.map(() => true));
    const sizes = log.attempts.map((lines) => Buffer.byteLength(lines.join('\n')));
    expect(Math.max(...sizes)).toBeLessThan(2_000_000);
    expect(log.attempts.flatMap(pingsOf)).toEqual(taken.map((_, index) => String(index)));
  });

  it('of one ping is made even when the ping alone is larger than usual', async () => {
    const body = { text: '\u0001'.repeat(1_000_000) };
    expect(await producer.take(ping('', { body }))).toBe(true);
  });
});

describe('watermarks', () => {
  it('tell that time passes although nothing comes, and leave nothing else behind', async () => {
    for (const second of [1, 2, 3]) {
      clock.advanceTo(START_AT + second * 1_000);
      producer.tick();
      await log.attempted(1 + second);
    }
    expect(log.types()).toEqual(['ingest.joined', 'watermark']);
    expect(log.judged(definition).clockAt).toBe(START_AT + 3_000);
  });

  it('do not run ahead of the clock by more than a moment, however fast the log is', async () => {
    for (let count = 0; count < 600; count += 1) await producer.take(ping());
    expect(watermarkOf(log.attempts.at(-1) ?? [])).toBe(250);
    clock.advanceTo(START_AT + 1_000);
    await producer.take(ping());
    expect(log.beats().findLast((beat) => beat.type === 'ping.received')).toMatchObject({
      receivedAt: START_AT + 1_000,
    });
  });
});

describe('while the log does not take appends', () => {
  it('the same bytes are tried again, and what comes meanwhile waits behind them', async () => {
    log.answer('refused');
    const first = producer.take(ping('1'));
    await log.attempted(2);
    const second = producer.take(ping('2'));
    clock.advanceTo(START_AT + 50);
    await log.attempted(3);
    log.answer('taken');
    clock.advanceTo(START_AT + 150);
    await Promise.all([first, second]);
    expect(log.attempts[2]).toEqual(log.attempts[1]);
    expect(log.attempts[3]).toEqual(log.attempts[1]);
    expect(log.attempts.map(pingsOf)).toEqual([[], ['1'], ['1'], ['1'], ['2']]);
  });

  it('an append whose answer was lost is repeated, and its pings count once', async () => {
    log.answer('lost');
    const taken = producer.take(ping());
    await log.attempted(2);
    log.answer('taken');
    clock.advanceTo(START_AT + 50);
    expect(await taken).toBe(true);
    expect(log.types().filter((type) => type === 'ping.received')).toHaveLength(2);
    expect(log.judged(definition).pings).toBe(1);
  });

  it('it is known since when', async () => {
    expect(producer.tryingSinceAt).toBeNull();
    await awayFor(4_000);
    expect(producer.tryingSinceAt).toBe(START_AT);
  });

  it('pings keep their time, and the pause looks like nothing at all afterwards', async () => {
    await producer.take(ping());
    log.answer('refused');
    const late = producer.take(ping());
    await log.attempted(3);
    clock.advanceTo(START_AT + 4_000);
    const later = producer.take(ping());
    log.answer('taken');
    clock.advanceTo(START_AT + 4_100);
    await Promise.all([late, later]);
    expect(log.judged(definition).verdicts.map(({ type }) => type)).toEqual(['check.up']);
    expect(log.types()).not.toContain('ingest.left');
    expect(log.types().filter((type) => type === 'ingest.joined')).toHaveLength(1);
  });
});
