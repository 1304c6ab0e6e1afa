import { beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '#platform';
import { FakeClock } from '#testing';
import { PartitionProducer } from './partition-producer.ts';
import { START_AT, definition, ping, quiet } from './sample.contract.ts';
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

/** Time goes on, and everything that waited for it happens. */
async function until(sinceStartMs: number): Promise<void> {
  await quiet();
  clock.advanceTo(START_AT + sinceStartMs);
  await quiet();
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
      await until(second * 1_000);
      producer.tick();
    }
    await quiet();
    expect(log.types()).toEqual(['ingest.joined', 'watermark']);
    expect(log.judged(definition).clockAt).toBe(START_AT + 3_000);
  });

  it('do not run ahead of the clock by more than a moment, however fast the log is', async () => {
    for (let count = 0; count < 600; count += 1) await producer.take(ping());
    expect(watermarkOf(log.attempts.at(-1) ?? [])).toBe(250);
    await until(1_000);
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
    await until(50);
    log.answer('taken');
    await until(150);
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
    await until(50);
    expect(await taken).toBe(true);
    expect(log.types().filter((type) => type === 'ping.received')).toHaveLength(2);
    expect(log.judged(definition).pings).toBe(1);
  });

  it('knows since when it has been trying', async () => {
    await quiet();
    expect(producer.tryingSinceAt).toBeNull();
    log.answer('refused');
    producer.tick();
    await until(4_000);
    expect(producer.tryingSinceAt).toBe(START_AT);
  });

  it('pings keep their time, and the pause looks like nothing at all afterwards', async () => {
    await producer.take(ping());
    log.answer('refused');
    const late = producer.take(ping());
    await until(4_000);
    const later = producer.take(ping());
    log.answer('taken');
    await until(8_000);
    await Promise.all([late, later]);
    expect(log.judged(definition).verdicts.map(({ type }) => type)).toEqual(['check.up']);
    expect(log.judged(definition).clockAt).toBe(START_AT + 8_000);
  });
});

describe('after a silence in which others may have judged us dead', () => {
  it('we join anew, and the log shows no hole when nobody did', async () => {
    await producer.take(ping());
    log.answer('refused');
    const late = producer.take(ping());
    await until(30_000);
    log.answer('taken');
    await until(40_000);
    await late;
    expect(log.types().slice(-3)).toEqual(['watermark', 'ingest.joined', 'watermark']);
    expect(log.judged(definition).verdicts.map(({ type }) => type)).toEqual(['check.up']);
    await until(70_050);
    producer.tick();
    await quiet();
    expect(log.judged(definition).clockAt).toBe(START_AT + 70_050);
  });

  it('the clock goes on when somebody did, and what was taken meanwhile was heard', async () => {
    await producer.take(ping());
    log.answer('refused');
    const late = producer.take(ping());
    await until(30_000);
    await log.expire('ingest-1', 1);
    log.answer('taken');
    await until(40_000);
    await late;
    expect(log.judged(definition)).toMatchObject({ clockAt: START_AT + 40_000, pings: 2 });
  });
});

describe('when too many pings wait', () => {
  /** Twenty thousand wait behind the thousand that are being tried. */
  const tooMany = async (): Promise<boolean[]> => {
    log.answer('refused');
    const take = async (): Promise<boolean> => await producer.take(ping());
    const tried = Array.from({ length: 1_000 }, take);
    await quiet();
    const waiting = Array.from({ length: 20_000 }, take);
    const refused = await take();
    log.answer('taken');
    await until(5_000);
    return [refused, ...(await Promise.all([...tried, ...waiting]))];
  };

  it('the next one is refused, and everything that was taken is written', async () => {
    const [refused, ...taken] = await tooMany();
    expect(refused).toBe(false);
    expect(taken.every(Boolean)).toBe(true);
  });

  it('the log shows from when until when we refused', async () => {
    await until(1_000);
    await tooMany();
    const holes = log.judged(definition).verdicts.filter(({ type }) => type === 'coverage.hole');
    expect(holes).toEqual([expect.objectContaining({ fromAt: START_AT + 1_002, untilAt: START_AT + 5_000 })]);
  });

  it('their bodies count as well', async () => {
    log.answer('refused');
    const body = { text: 'x'.repeat(1_000_000) };
    const taken = Array.from({ length: 64 }, async () => await producer.take(ping('', { body })));
    expect(await producer.take(ping())).toBe(false);
    log.answer('taken');
    await until(100);
    expect((await Promise.all(taken)).every(Boolean)).toBe(true);
    expect(await producer.take(ping())).toBe(true);
  });
});

describe('leaving', () => {
  it('writes what waits, and then says until when we listened', async () => {
    log.hold();
    const taken = producer.take(ping());
    await log.attempted(2);
    const left = producer.leave();
    await until(20);
    log.release();
    await left;
    expect(await taken).toBe(true);
    expect(log.beats().at(-1)).toMatchObject({ type: 'ingest.left', at: START_AT + 20, epoch: 1, pseq: 1 });
    expect(log.judged(definition).clockAt).toBe(START_AT + 20);
  });

  it.each(['refuses', 'hangs'])(
    'ends in time although the log %s, and owes no ping an answer',
    async (how) => {
      if (how === 'hangs') log.hold();
      else log.answer('refused');
      const waiting = producer.take(ping());
      await log.attempted(2);
      const queued = producer.take(ping());
      const left = producer.leave();
      await until(5_000);
      await left;
      expect(await queued).toBe(false);
      log.release();
      expect(await waiting).toBe(how === 'hangs');
      expect(await producer.take(ping())).toBe(false);
    },
  );

  it('is no failure when the log does not take the goodbye', async () => {
    await quiet();
    log.answer('refused');
    await expect(producer.leave()).resolves.toBeUndefined();
  });
});
