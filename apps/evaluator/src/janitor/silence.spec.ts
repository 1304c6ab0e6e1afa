import { describe, expect, it } from '@jest/globals';
import { newPartitionState, type PartitionState } from '#domain';
import { silentFor, type Silence } from './silence.ts';

const LONGEST_STEP_MS = 2_000;

function joined(members: Record<string, { epoch: number; watermarkAt: number }>): PartitionState {
  const state = newPartitionState(0);
  for (const [producer, member] of Object.entries(members))
    state.joined.set(producer, { sinceAt: 0, ...member });
  return state;
}

/** Looks at the same silent ingest at these instants; answers how long it has been silent at each. */
function looksAt(
  instants: readonly number[],
  state = joined({ a: { epoch: 1, watermarkAt: 500 } }),
): number[] {
  let silences: ReadonlyMap<string, Silence> = new Map();
  return instants.map((now) => {
    silences = silentFor(state, silences, now, LONGEST_STEP_MS);
    return silences.get('a')?.silentMs ?? -1;
  });
}

describe('the silence of an ingest', () => {
  it('adds up from look to look while its watermark stands still', () => {
    expect(looksAt([10_000, 11_000, 12_000, 13_500])).toEqual([0, 1_000, 2_000, 3_500]);
  });

  it('does not count the time before the first look', () => {
    expect(looksAt([9_999_999])).toEqual([0]);
  });

  it('does not count time in which we ourselves stood still', () => {
    expect(looksAt([0, 1_000, 61_000, 62_000, 64_000])).toEqual([0, 1_000, 1_000, 2_000, 4_000]);
  });

  it('counts a look that is just not too late, and not one that is', () => {
    expect(looksAt([0, 2_000])).toEqual([0, 2_000]);
    expect(looksAt([0, 2_001])).toEqual([0, 0]);
  });

  it('does not count backwards when the clock was set back', () => {
    expect(looksAt([5_000, 6_000, 4_000, 5_000])).toEqual([0, 1_000, 1_000, 2_000]);
  });

  it('is over with a newer watermark, and with a newer epoch even at the same watermark', () => {
    const state = joined({ a: { epoch: 1, watermarkAt: 500 } });
    const first = silentFor(state, new Map(), 0, LONGEST_STEP_MS);
    const second = silentFor(state, first, 1_000, LONGEST_STEP_MS);
    expect(second.get('a')?.silentMs).toBe(1_000);
    const spoken = joined({ a: { epoch: 1, watermarkAt: 501 } });
    expect(silentFor(spoken, second, 2_000, LONGEST_STEP_MS).get('a')?.silentMs).toBe(0);
    const anew = joined({ a: { epoch: 2, watermarkAt: 500 } });
    expect(silentFor(anew, second, 2_000, LONGEST_STEP_MS).get('a')?.silentMs).toBe(0);
  });

  it('is counted for each ingest by itself, and forgotten with one that left', () => {
    const both = joined({ a: { epoch: 1, watermarkAt: 1 }, b: { epoch: 1, watermarkAt: 1 } });
    const first = silentFor(both, new Map(), 0, LONGEST_STEP_MS);
    both.joined.set('b', { epoch: 1, sinceAt: 0, watermarkAt: 2 });
    const second = silentFor(both, first, 1_000, LONGEST_STEP_MS);
    expect([...second].map(([name, { silentMs }]) => [name, silentMs])).toEqual([
      ['a', 1_000],
      ['b', 0],
    ]);
    both.joined.delete('a');
    expect([...silentFor(both, second, 2_000, LONGEST_STEP_MS).keys()]).toEqual(['b']);
  });
});
