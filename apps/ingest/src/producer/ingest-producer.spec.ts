import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger, type Clock } from '#platform';
import { FakeClock } from '#testing';
import { identityIn } from './identity.ts';
import { IngestProducer } from './ingest-producer.ts';
import { START_AT, definition, ping, quiet } from './sample.contract.ts';
import { ScriptedLog } from './scripted-log.contract.ts';

/** Virtual time that can go by without anything being rung: the process was stopped and knows nothing of it. */
class SuspendableClock implements Clock {
  readonly #awake: FakeClock;
  #stoppedMs = 0;

  constructor(startAt: number) {
    this.#awake = new FakeClock(startAt);
  }

  now(): number {
    return this.#awake.now() + this.#stoppedMs;
  }

  monotonic(): number {
    return this.now();
  }

  async sleep(lengthMs: number, signal?: AbortSignal): Promise<void> {
    await this.#awake.sleep(lengthMs, signal);
  }

  after(lengthMs: number, callback: () => void): () => void {
    return this.#awake.after(lengthMs, callback);
  }

  advanceTo(at: number): void {
    this.#awake.advanceTo(at - this.#stoppedMs);
  }

  standStill(lengthMs: number): void {
    this.#stoppedMs += lengthMs;
  }
}

let folder: string;
let clock: SuspendableClock;
let log: ScriptedLog;
let ingest: IngestProducer;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'holter-ingest-'));
  clock = new SuspendableClock(START_AT);
  log = new ScriptedLog(clock);
  await log.open();
  ingest = started();
  await quiet();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function started(): IngestProducer {
  const appended = (): void => undefined;
  const producer = new IngestProducer({
    identity: identityIn(folder),
    log,
    clock,
    logger: silentLogger,
    appended,
  });
  producer.start();
  return producer;
}

/** Time goes by as it does in a process that is well: half a second at a time. */
async function livesUntil(sinceStartMs: number): Promise<void> {
  while (clock.now() < START_AT + sinceStartMs) {
    clock.advanceTo(Math.min(clock.now() + 500, START_AT + sinceStartMs));
    await quiet();
  }
}

const joins = (): object[] =>
  log
    .beats()
    .flatMap((beat) =>
      beat.type === 'ingest.joined' ? [{ epoch: beat.epoch, at: beat.at - START_AT }] : [],
    );

describe('an ingest', () => {
  it('joins when it starts, and tells the time at least every half second', async () => {
    await livesUntil(10_000);
    expect(joins()).toEqual([{ epoch: 1, at: 0 }]);
    expect(log.judged(definition).clockAt).toBe(START_AT + 10_000);
    expect(log.types()).toEqual(['ingest.joined', 'watermark']);
  });

  it('keeps its name over a restart and takes a higher epoch, also after one that was never used', async () => {
    await ingest.stop();
    identityIn(folder).nextEpoch();
    started();
    await quiet();
    const producers = new Set(log.beats().map(({ producer }) => producer));
    expect(producers.size).toBe(1);
    expect(joins()).toEqual([
      { epoch: 1, at: 0 },
      { epoch: 3, at: 0 },
    ]);
  });

  it('that restarts leaves a hole exactly as long as it was away', async () => {
    await livesUntil(1_000);
    await ingest.stop();
    clock.advanceTo(START_AT + 9_000);
    started();
    await quiet();
    expect(log.judged(definition).verdicts).toEqual([
      expect.objectContaining({ type: 'coverage.hole', fromAt: START_AT + 1_000, untilAt: START_AT + 9_000 }),
    ]);
  });

  it('refuses what belongs to no partition', async () => {
    await expect(ingest.take(ping('', { checkId: 'no check' }))).rejects.toThrow(
      'begins with eight hex digits',
    );
  });
});

describe('an ingest that stood still', () => {
  it.each(['a ping', 'the next tick'])(
    'joins anew before it says how late it is, when %s is the first to notice',
    async (first) => {
      await livesUntil(1_000);
      clock.standStill(11_000);
      if (first === 'a ping') await ingest.take(ping());
      await livesUntil(12_500);
      expect(joins()).toEqual([
        { epoch: 1, at: 0 },
        { epoch: 2, at: first === 'a ping' ? 12_000 : 12_500 },
      ]);
      expect(log.judged(definition).verdicts[0]).toMatchObject({
        type: 'coverage.hole',
        fromAt: START_AT + 1_000,
        untilAt: START_AT + (first === 'a ping' ? 12_000 : 12_500),
      });
    },
  );

  it('joins anew before its next append also when that was waiting for an answer', async () => {
    await livesUntil(1_000);
    log.hold();
    const taken = [ingest.take(ping('1'))];
    await quiet();
    taken.push(ingest.take(ping('2')));
    clock.standStill(11_000);
    log.release();
    await Promise.all(taken);
    expect(log.judged(definition)).toMatchObject({ pings: 2 });
    const holes = log.judged(definition).verdicts.filter(({ type }) => type === 'coverage.hole');
    expect(holes).toEqual([
      expect.objectContaining({ fromAt: START_AT + 1_002, untilAt: START_AT + 12_000 }),
    ]);
  });

  it('for less than the lease goes on as if nothing had been', async () => {
    await livesUntil(1_000);
    clock.standStill(9_000);
    await livesUntil(12_000);
    expect(log.judged(definition)).toMatchObject({ verdicts: [], clockAt: START_AT + 12_000 });
  });
});

describe('trouble with the log', () => {
  it('is told with its length once it is more than a hiccup, and over with the next append', async () => {
    log.answer('refused');
    await livesUntil(1_500);
    expect(ingest.trouble()).toBeNull();
    await livesUntil(4_500);
    expect(ingest.trouble()).toBe('the log has not taken pings on 1 of 1 partitions for 4 s');
    log.answer('taken');
    await livesUntil(7_000);
    expect(ingest.trouble()).toBeNull();
  });

  it('is told also when the log does not even refuse', async () => {
    log.hold();
    await livesUntil(4_500);
    expect(ingest.trouble()).toMatch(/^the log has not taken pings on 1 of 1 partitions for 4 s$/);
    log.release();
  });
});
