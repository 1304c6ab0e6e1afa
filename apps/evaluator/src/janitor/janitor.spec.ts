import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newPartitionState, type PartitionState } from '#domain';
import { BEATS, MemoryEventLog, MemoryStore, foldBatch, holterTopics } from '#event-log';
import { Health, createMetrics, silentLogger } from '#platform';
import { FakeClock } from '#testing';
import { GuardedLog } from '../guarded-log.contract.ts';
import { Janitor } from './janitor.ts';

const START_AT = Date.UTC(2026, 2, 2, 12);

let clock: FakeClock;
let store: MemoryStore;
let log: MemoryEventLog;
let state: PartitionState;
let janitor: Janitor;
let answers: boolean;

/** One turn of the loop: the log of this test is in memory, so everything that can happen happens in it. */
const quiet = async (): Promise<void> => {
  await new Promise<void>((resolve) => setImmediate(resolve));
};

beforeEach(async () => {
  clock = new FakeClock(START_AT);
  store = new MemoryStore();
  log = new MemoryEventLog({ topics: holterTopics(1), clock, store });
  await log.open();
  answers = true;
  state = newPartitionState(0);
  await say('a', { type: 'ingest.joined', epoch: 1, pseq: 0, at: START_AT });
  await say('b', { type: 'ingest.joined', epoch: 1, pseq: 0, at: START_AT });
  fold();
  const platform = {
    clock,
    logger: silentLogger,
    health: new Health(),
    metrics: createMetrics({ withProcess: false }),
  };
  janitor = new Janitor(new GuardedLog(log, () => !answers), platform);
  janitor.watch(state);
  janitor.onModuleInit();
});
afterEach(async () => await janitor.onApplicationShutdown());

async function say(producer: string, event: object): Promise<void> {
  await log.append(BEATS, 0, [{ key: producer, value: JSON.stringify({ v: 1, producer, ...event }) }]);
}

/** The evaluator reads the log to its end. */
function fold(): void {
  const { records, nextOffset } = store.partition(BEATS, 0);
  foldBatch(state, { topic: BEATS, partition: 0, records, nextOffset }, () => undefined);
  state.nextOffset = nextOffset;
}

/** Second after second; `a` says the time in each, and `b` is silent. */
async function pass(seconds: number, reads = true): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await say('a', { type: 'watermark', epoch: 1, pseq: 0, at: clock.now() + 1_000 });
    if (reads) fold();
    clock.advanceTo(clock.now() + 1_000);
    await quiet();
  }
}

const expired = (): unknown[] =>
  store.partition(BEATS, 0).records.flatMap(({ value }) => {
    const event: { type: string; expired?: unknown } = JSON.parse(value ?? '{}');
    return event.type === 'ingest.expired' ? [event.expired] : [];
  });

describe('the janitor', () => {
  it('expires an ingest that was silent for the lease, once, and nobody else', async () => {
    await pass(10);
    expect(expired()).toEqual([]);
    await pass(2);
    expect(expired()).toEqual([{ producer: 'b', epoch: 1 }]);
    await pass(30);
    expect(expired()).toEqual([{ producer: 'b', epoch: 1 }]);
    expect([...state.joined.keys()]).toEqual(['a']);
  });

  it('counts from nothing again for one that came back and died again', async () => {
    await pass(13);
    await say('b', { type: 'ingest.joined', epoch: 2, pseq: 0, at: clock.now() });
    await pass(9);
    expect(expired()).toHaveLength(1);
    await pass(4);
    expect(expired().at(-1)).toEqual({ producer: 'b', epoch: 2 });
  });

  it('expires nobody for the time in which the log did not answer', async () => {
    await pass(8);
    answers = false;
    await pass(60);
    answers = true;
    await pass(9);
    expect(expired()).toEqual([]);
    await pass(3);
    expect(expired()).toHaveLength(1);
  });

  it('expires nobody while it has not read the log to its end', async () => {
    await pass(60, false);
    expect(expired()).toEqual([]);
  });

  it('expires nobody because it stood still itself', async () => {
    await pass(2);
    clock.advanceTo(clock.now() + 3_600_000);
    await quiet();
    expect(expired()).toEqual([]);
  });

  it('leaves a partition alone that is no longer watched', async () => {
    await pass(5);
    janitor.forget(0);
    await pass(60);
    expect(expired()).toEqual([]);
  });
});

describe('a log that goes by older time zone tables', () => {
  const activated = (): unknown[] =>
    store.partition(BEATS, 0).records.flatMap(({ value }) => {
      const event: { type: string; version?: unknown } = JSON.parse(value ?? '{}');
      return event.type === 'tz.activated' ? [event.version] : [];
    });

  it('is told once to go by the newest that this release has', async () => {
    await say('x', { type: 'tz.activated', epoch: 1, pseq: 1, version: '2024b' });
    await pass(5);
    expect(activated()).toEqual(['2024b', '2025c']);
    expect(state.tz).toBe('2025c');
  });

  it('is told nothing when it goes by the newest already', async () => {
    await pass(5);
    expect(activated()).toEqual([]);
  });
});
