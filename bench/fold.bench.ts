import { createHash } from 'node:crypto';
import {
  decodeSnapshotInSteps,
  encodeSnapshot,
  newPartitionState,
  type NewHash,
  type PartitionState,
} from '#domain';
import { foldBatch } from '#event-log';
import { SystemClock } from '#platform';
import { FoldLog } from './fold-log.ts';
import type { BenchResult } from './result.ts';

const SIZES = [10_000, 100_000, 1_000_000] as const;
const RECORDS = 400_000;
/** Slices of a snapshot's work that took longer than this are counted: others wait for so long. */
const SLICE_MS = 5;

const clock = new SystemClock();

/**
 * Records of JSON through the decoder and the full fold, one partition on one core, with ten thousand to a million
 * checks; then a snapshot of the largest state. The ratio is the rate with most checks by the rate with fewest.
 */
export async function benchFold(): Promise<BenchResult> {
  const figures: Record<string, number> = {};
  const rates: number[] = [];
  for (const checks of SIZES) {
    const log = new FoldLog(checks);
    const state = newPartitionState(0);
    for (const batch of [...log.setup(), ...log.pings(checks)]) foldBatch(state, batch, () => undefined);
    const { rate, verdicts } = measure(state, log);
    rates.push(rate);
    figures[`recordsPerSecond${checks}`] = Math.round(rate);
    figures[`verdicts${checks}`] = verdicts;
    figures[`bytesPerCheck${checks}`] = Math.round(state.checks.heldBytes / checks);
    if (checks === SIZES.at(-1)) Object.assign(figures, snapshotOf(state));
    figures['parsedOnlyPerSecond'] ??= parsedOnly(log);
  }
  return { ratio: (rates.at(-1) ?? 0) / (rates[0] ?? 1), figures };
}

function measure(state: PartitionState, log: FoldLog): { rate: number; verdicts: number } {
  const batches = log.pings(RECORDS);
  let verdicts = 0;
  let records = 0;
  const begunAt = clock.monotonic();
  for (const batch of batches) {
    foldBatch(state, batch, (step) => {
      verdicts += step.verdicts.length;
    });
    records += batch.records.length;
  }
  return { rate: (records / (clock.monotonic() - begunAt)) * 1_000, verdicts };
}

function parsedOnly(log: FoldLog): number {
  const lines = log.pings(RECORDS / 4).flatMap(({ records }) => records);
  const begunAt = clock.monotonic();
  for (const { value } of lines) JSON.parse(value ?? '');
  return Math.round((lines.length / (clock.monotonic() - begunAt)) * 1_000);
}

const newHash: NewHash = () => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
};

/** Encodes and decodes the state, and says how long it took in all and the longest slice of it. */
function snapshotOf(state: PartitionState): Record<string, number> {
  const slices: number[] = [];
  const timed = <T>(work: () => T): T => {
    const begunAt = clock.monotonic();
    const result = work();
    slices.push(clock.monotonic() - begunAt);
    return result;
  };
  const pieces: Uint8Array[] = [];
  const encoding = encodeSnapshot(state, newHash);
  for (;;) {
    const step = timed(() => encoding.next());
    if (step.done === true) break;
    pieces.push(step.value);
  }
  const encodeMs = slices.reduce((sum, ms) => sum + ms, 0);
  const bytes = Buffer.concat(pieces);
  const decoding = decodeSnapshotInSteps(bytes, newHash);
  let step = timed(() => decoding.next());
  while (step.done !== true) step = timed(() => decoding.next());
  if (!step.value.ok) throw new Error(`The snapshot cannot be read: ${step.value.reason}.`);
  return {
    snapshotBytes: bytes.length,
    snapshotEncodeMs: Math.round(encodeMs),
    snapshotDecodeMs: Math.round(slices.reduce((sum, ms) => sum + ms, 0) - encodeMs),
    snapshotLongestSliceMs: Math.round(Math.max(...slices) * 10) / 10,
    snapshotSlicesTooLong: slices.filter((ms) => ms > SLICE_MS).length,
  };
}
