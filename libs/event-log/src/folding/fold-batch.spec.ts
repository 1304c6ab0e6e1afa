import { describe, expect, it } from '@jest/globals';
import {
  HEALTHCHECKS_RULES,
  newPartitionState,
  type Beat,
  type CheckDefinition,
  type FoldStep,
  type PartitionState,
} from '#domain';
import { encodeEvent } from '../codec/codec.ts';
import type { LogBatch } from '../event-log.ts';
import { foldBatch, type Unreadable } from './fold-batch.ts';

const CHECK = '0000000a-0000-4000-8000-000000000000';
const definition: CheckDefinition = {
  checkId: CHECK,
  projectId: 'project',
  pingKey: '0'.repeat(32),
  configVersion: 1,
  name: 'Backup',
  slug: 'backup',
  tags: [],
  schedule: { kind: 'interval', periodMs: 60_000 },
  graceMs: 10_000,
  ...HEALTHCHECKS_RULES,
};

const beats: Beat[] = [
  { v: 1, type: 'check.configured', producer: 'api', epoch: 1, pseq: 1, definition },
  { v: 1, type: 'ingest.joined', producer: 'a', epoch: 1, pseq: 0, at: 1_000_000 },
  {
    v: 1,
    type: 'ping.received',
    producer: 'a',
    epoch: 1,
    pseq: 1,
    checkId: CHECK,
    receivedAt: 1_001_000,
    kind: 'success',
    exitStatus: null,
    rid: null,
    dialect: 'healthchecks',
    method: 'GET',
    scheme: 'http',
    remoteAddr: '192.0.2.1',
    userAgent: 'curl/8',
    body: { text: 'done' },
    bodyTruncated: false,
    metrics: null,
  },
  { v: 1, type: 'watermark', producer: 'a', epoch: 1, pseq: 1, at: 1_001_001 },
];

/** Lines of the log from an offset on; the last one stands right before `nextOffset`. */
function batchOf(values: readonly (string | null)[], from = 0): LogBatch {
  const records = values.map((value, index) => ({ offset: from + index, key: 'key', value }));
  return { topic: 'holter.beats', partition: 3, records, nextOffset: from + values.length };
}

const lines = beats.map(encodeEvent);

function folded(
  state: PartitionState,
  batch: LogBatch,
): { steps: FoldStep[]; unreadable: readonly Unreadable[] } {
  const steps: FoldStep[] = [];
  const unreadable = foldBatch(state, batch, (step) => steps.push(step));
  return { steps, unreadable };
}

describe('folding a batch', () => {
  it('answers one step for every record, with what followed from it', () => {
    const { steps, unreadable } = folded(newPartitionState(3), batchOf(lines));
    expect(steps.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
    expect(steps.flatMap(({ verdicts }) => verdicts.map(({ type }) => type))).toEqual(['check.up']);
    expect(unreadable).toEqual([]);
  });

  it('passes over what was folded before, when a batch is offered again', () => {
    const state = newPartitionState(3);
    folded(state, batchOf(lines));
    const again = folded(state, batchOf(lines));
    expect(again.steps).toEqual([]);
    expect(state.checks.get(CHECK)?.pingCount).toBe(1);
  });

  it('goes on in the middle of a batch of which a part was folded before', () => {
    const state = newPartitionState(3);
    folded(state, batchOf(lines.slice(0, 2)));
    expect(folded(state, batchOf(lines)).steps.map(({ offset }) => offset)).toEqual([2, 3]);
  });

  it('tells of a record that cannot be read, and goes on after it', () => {
    const state = newPartitionState(3);
    const { steps, unreadable } = folded(state, batchOf(['{"v":1,"type":"surprise"}', ...lines, '{']));
    expect(unreadable).toEqual([
      { offset: 0, reason: 'unknown_type' },
      { offset: 5, reason: 'not_json' },
    ]);
    expect(steps).toHaveLength(4);
    expect(state.nextOffset).toBe(6);
  });

  it('tells of an unreadable record once, however often the batch is offered', () => {
    const state = newPartitionState(3);
    folded(state, batchOf(['nonsense']));
    expect(folded(state, batchOf(['nonsense'])).unreadable).toEqual([]);
  });

  it('passes over a tombstone', () => {
    expect(folded(newPartitionState(3), batchOf([null, ...lines])).steps).toHaveLength(4);
  });
});
