import { beforeEach, describe, expect, it } from '@jest/globals';
import { HEALTHCHECKS_RULES, type Beat, type CheckDefinition } from '#domain';
import {
  BEATS,
  MemoryEventLog,
  MemoryStore,
  TRANSITIONS,
  decodeVerdict,
  encodeEvent,
  holterTopics,
  type LogBatch,
} from '#event-log';
import { FakeClock } from '#testing';
import { GuardedLog } from '../guarded-log.contract.ts';
import { VerdictTail } from '../verdict/verdict-tail.ts';
import { PartitionEvaluator } from './partition-evaluator.ts';

const START_AT = 1_000_000;

let store: MemoryStore;
let log: MemoryEventLog;
let refusals: number;

beforeEach(async () => {
  store = new MemoryStore();
  log = new MemoryEventLog({ topics: holterTopics(1), clock: new FakeClock(START_AT), store });
  await log.open();
  refusals = 0;
});

/** The log, which refuses the next `refusals` appends. */
const counting = (): GuardedLog => new GuardedLog(log, () => refusals-- > 0);

function checkId(index: number): string {
  return `${index.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

function definition(index: number): CheckDefinition {
  return {
    checkId: checkId(index),
    projectId: 'project',
    pingKey: '0'.repeat(32),
    configVersion: 1,
    name: 'Backup',
    slug: '',
    tags: [],
    schedule: { kind: 'interval', periodMs: 60_000 },
    graceMs: 0,
    ...HEALTHCHECKS_RULES,
  };
}

/** So many checks that come up at once. */
function beats(checks: number): Beat[] {
  const relay = { v: 1, producer: 'api', epoch: 1 } as const;
  const ingest = { v: 1, producer: 'a', epoch: 1 } as const;
  const ids = Array.from({ length: checks }, (_, index) => index);
  return [
    ...ids.map((index): Beat => ({
      ...relay,
      pseq: index + 1,
      type: 'check.configured',
      definition: definition(index),
    })),
    { ...ingest, pseq: 0, type: 'ingest.joined', at: START_AT },
    ...ids.map((index): Beat => ({
      ...ingest,
      pseq: index + 1,
      type: 'ping.received',
      checkId: checkId(index),
      receivedAt: START_AT + index,
      kind: 'success',
      exitStatus: null,
      rid: null,
      dialect: 'healthchecks',
      method: 'GET',
      scheme: 'http',
      remoteAddr: null,
      userAgent: '',
      body: null,
      bodyTruncated: false,
      metrics: null,
    })),
    { ...ingest, pseq: checks, type: 'watermark', at: START_AT + checks },
  ];
}

function batchOf(events: readonly Beat[], from = 0): LogBatch {
  const records = events.map((event, index) => ({
    offset: from + index,
    key: 'k',
    value: encodeEvent(event),
  }));
  return { topic: BEATS, partition: 0, records, nextOffset: from + events.length };
}

/** The numbers of the verdicts that are out, in the order of the log. */
function out(): number[] {
  return store.partition(TRANSITIONS, 0).records.flatMap(({ value }) => {
    const decoded = decodeVerdict(value ?? '');
    return decoded.ok ? [decoded.event.oseq] : [];
  });
}

function readTail(tail: VerdictTail): void {
  const { records, nextOffset } = store.partition(TRANSITIONS, 0);
  tail.take({ topic: TRANSITIONS, partition: 0, records, nextOffset });
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the judge of a partition', () => {
  it('writes every verdict once, in the order of their numbers', async () => {
    const judge = new PartitionEvaluator(0, counting(), new VerdictTail());
    const { written } = await judge.take(batchOf(beats(5)));
    expect(written.map(({ oseq }) => oseq)).toEqual(numbers(1, 5));
    expect(out()).toEqual(numbers(1, 5));
  });

  it('writes a storm in pieces, in order', async () => {
    const guarded = counting();
    await new PartitionEvaluator(0, guarded, new VerdictTail()).take(batchOf(beats(2_500)));
    expect(guarded.appends).toEqual([1_000, 1_000, 500]);
    expect(out()).toEqual(numbers(1, 2_500));
  });

  it('loses nothing and repeats nothing when the log refuses in the middle of a storm', async () => {
    const judge = new PartitionEvaluator(0, counting(), new VerdictTail());
    const batch = batchOf(beats(1_500));
    refusals = 1;
    await expect(judge.take(batch)).rejects.toThrow('The log is away.');
    expect(out()).toEqual([]);
    await judge.take(batch);
    expect(out()).toEqual(numbers(1, 1_500));
    await judge.take(batch);
    expect(out()).toEqual(numbers(1, 1_500));
  });

  it('goes on after what is out already when it starts anew', async () => {
    await new PartitionEvaluator(0, counting(), new VerdictTail()).take(batchOf(beats(3)));
    const tail = new VerdictTail();
    readTail(tail);
    const { written } = await new PartitionEvaluator(0, counting(), tail).take(batchOf(beats(5)));
    expect(written.map(({ oseq }) => oseq)).toEqual([4, 5]);
    expect(out()).toEqual(numbers(1, 5));
  });

  it('does not write what a twin was quicker with', async () => {
    const tail = new VerdictTail();
    const slow = new PartitionEvaluator(0, counting(), tail);
    const quick = new PartitionEvaluator(0, counting(), new VerdictTail());
    const events = beats(4);
    await quick.take(batchOf(events));
    readTail(tail);
    await slow.take(batchOf(events));
    expect(out()).toEqual(numbers(1, 4));
  });

  it('stays where it was when it is offered the same batch again', async () => {
    const judge = new PartitionEvaluator(0, counting(), new VerdictTail());
    const batch = batchOf(beats(2));
    await judge.take(batch);
    const before = judge.state.checks.size;
    expect(await judge.take(batch)).toEqual({ remarkable: [], unreadable: [], written: [] });
    expect(judge.state.checks.size).toBe(before);
    expect(judge.state.nextOffset).toBe(batch.nextOffset);
  });
});
