import {
  decodeSnapshot,
  explain,
  explainHole,
  fold,
  foldWith,
  newPartitionState,
  snapshotBytes,
  type Beat,
  type NewHash,
} from './index.ts';

// What the purity spec runs inside and outside of its realm: everything that the domain makes of a log, as one text.

/** Stands in for SHA-256, of which a realm without imports has none. */
const newHash: NewHash = () => {
  const sums = new Uint8Array(32);
  let place = 0;
  const update = (bytes: Uint8Array): void => {
    for (const byte of bytes) {
      sums[place] = ((sums[place] ?? 0) * 31 + byte) & 0xff;
      place = (place + 1) % sums.length;
    }
  };
  return { update, digest: () => sums.slice() };
};

/** Verdicts, effects, explanations, the state's bytes after it was read back, and a what-if. */
export function judgeLog(json: string): string {
  const beats: Beat[] = JSON.parse(json);
  const state = newPartitionState(0);
  const steps = beats.map((beat, offset) => fold(state, offset, beat));
  const explanations = steps.flatMap(({ verdicts }) =>
    verdicts.map((one) => (one.type === 'coverage.hole' ? explainHole(one) : explain(one))),
  );
  const decoded = decodeSnapshot(snapshotBytes(state, newHash), newHash);
  const bytes = decoded.ok ? [...snapshotBytes(decoded.state, newHash)] : decoded.reason;
  const records = beats.map((beat, offset) => ({ offset, beat }));
  const whatIf = foldWith(records, { checkIds: 'all', set: { graceMs: 45_000 } });
  return JSON.stringify({ steps, explanations, bytes, whatIf });
}
