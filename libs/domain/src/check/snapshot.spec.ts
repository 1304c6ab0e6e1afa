import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fold } from './fold.ts';
import { newPartitionState, type PartitionState } from './partition-state.ts';
import {
  decodeSnapshot,
  decodeSnapshotInSteps,
  digestOf,
  encodeSnapshot,
  snapshotBytes,
} from './snapshot.ts';
import type { NewHash } from './snapshot-bytes.ts';
import { HOUR, MINUTE, OTHER_CHECK, listening } from './timeline.contract.ts';

const newHash: NewHash = () => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
};

/** A log in which everything that a state can hold occurs. */
const eventful = () => {
  const cron = { kind: 'cron', expressions: ['*/5 * * * *'], zone: 'Europe/Berlin' } as const;
  const stuck = { kind: 'unchanged', metric: 'rows', runs: 5, severity: 'failed' } as const;
  const busy = {
    kind: 'throughput',
    metric: null,
    atLeast: 1,
    windowMs: HOUR,
    severity: 'degraded',
  } as const;
  const line = listening({ assertions: [stuck, busy], watchedRuns: 'all', maxRuntimeMs: HOUR })
    .join('b', '11:00')
    .configure({ checkId: OTHER_CHECK, schedule: cron, projectId: 'project-2' });
  line.ping('12:00:00', { metrics: { rows: 3 } }).unclosedPing('12:00:10', { kind: 'start', rid: 'r' });
  line.ping('12:00:12', { checkId: OTHER_CHECK, via: 'b' }).passes('12:00:20');
  line.unclosedPing('12:00:30', { checkId: '99999999-9999-4999-8999-999999999999' }).passes('12:02:00');
  line
    .unclosedPing('12:02:05')
    .configure({ configVersion: 2, graceMs: 20 * MINUTE, assertions: [stuck, busy] });
  return line.watermark('a', '12:02:10').expire('b').unclosedPing('12:02:30');
};

const decoded = (state: PartitionState): PartitionState => {
  const result = decodeSnapshot(snapshotBytes(state, newHash), newHash);
  if (!result.ok) throw new Error(result.reason);
  return result.state;
};

describe('a snapshot', () => {
  it('has equal bytes after it was read and written again', () => {
    const { state } = eventful();
    expect(state.orphans.length + state.pings.length).toBe(2);
    expect(Buffer.compare(snapshotBytes(decoded(state), newHash), snapshotBytes(state, newHash))).toBe(0);
    expect(digestOf(decoded(state), newHash)).toBe(digestOf(state, newHash));
  });

  it('taken after any record leads to the same verdicts and the same state', () => {
    const { beats, state: whole, verdicts } = eventful().passes('13:00:00');
    for (let cut = 0; cut <= beats.length; cut += 1) {
      let state = newPartitionState(0);
      const told = beats.flatMap((beat, offset) => {
        if (offset === cut) state = decoded(state);
        return fold(state, offset, beat).verdicts;
      });
      expect(told).toEqual(verdicts);
      expect(digestOf(state, newHash)).toBe(digestOf(whole, newHash));
    }
  });

  it('differs as soon as anything in the state does', () => {
    expect(digestOf(eventful().state, newHash)).not.toBe(
      digestOf(eventful().passes('12:02:31').state, newHash),
    );
  });

  it('goes on with checks that were removed and rows that were used again', () => {
    const line = eventful().change('check.removed', OTHER_CHECK).passes('12:03:00');
    const state = decoded(line.state);
    expect(state.checks.has(OTHER_CHECK)).toBe(false);
    expect(state.checks.size).toBe(1);
    expect(digestOf(state, newHash)).toBe(digestOf(line.state, newHash));
  });

  it('is refused by name when a byte of it is wrong', () => {
    const bytes = snapshotBytes(eventful().state, newHash);
    for (let at = 5; at < bytes.length; at += 97) {
      const torn = bytes.slice();
      torn[at] = (torn[at] ?? 0) ^ 0x40;
      expect(decodeSnapshot(torn, newHash).ok).toBe(false);
    }
  });

  it('is refused by name when its end is missing', () => {
    const bytes = snapshotBytes(eventful().state, newHash);
    for (const length of [0, 3, 100, bytes.length - 40, bytes.length - 1]) {
      expect(decodeSnapshot(bytes.subarray(0, length), newHash)).toEqual({ ok: false, reason: 'cut_off' });
    }
  });

  it('of another format is refused by name', () => {
    const pieces = [...encodeSnapshot(newPartitionState(0), newHash)];
    expect(pieces).toHaveLength(4);
    const text = Buffer.from(snapshotBytes(newPartitionState(0), newHash)).toString('latin1');
    const later = Buffer.from(text.replace('"format":1', '"format":9'), 'latin1');
    const hash = newHash();
    hash.update(later.subarray(0, -37));
    later.set(hash.digest(), later.length - 32);
    expect(decodeSnapshot(new Uint8Array(later), newHash)).toEqual({ ok: false, reason: 'unknown_format' });
  });

  it('may not be taken of a state that moves', () => {
    const line = eventful();
    const pieces = encodeSnapshot(line.state, newHash);
    pieces.next();
    line.passes('12:05:00');
    expect(() => pieces.next()).toThrow('nothing is folded into a state while it is encoded');
  });

  it('is read in steps, so that nobody has to wait for the whole of it', () => {
    const steps = decodeSnapshotInSteps(snapshotBytes(eventful().state, newHash), newHash);
    let count = 0;
    while (steps.next().done !== true) count += 1;
    expect(count).toBeGreaterThan(5);
  });
});
