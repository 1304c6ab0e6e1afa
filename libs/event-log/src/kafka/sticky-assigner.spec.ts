import { describe, expect, it } from '@jest/globals';
import { shareOut } from './sticky-assigner.ts';

const plain = (shares: Map<string, number[]>): Record<string, number[]> => Object.fromEntries(shares);

describe('sharing partitions among members of a Kafka group', () => {
  it('gives a lone member everything', () => {
    expect(plain(shareOut([{ id: 'a', held: [] }], 4))).toEqual({ a: [0, 1, 2, 3] });
  });

  it('takes from a member only what a newcomer must get', () => {
    const members = [
      { id: 'a', held: [0, 1, 2, 3] },
      { id: 'b', held: [] },
    ];
    expect(plain(shareOut(members, 4))).toEqual({ a: [0, 1], b: [2, 3] });
  });

  it('leaves everybody what they hold when a member goes', () => {
    const members = [
      { id: 'c', held: [4, 5] },
      { id: 'a', held: [0, 1] },
    ];
    expect(plain(shareOut(members, 6))).toEqual({ a: [0, 1, 2], c: [3, 4, 5] });
  });

  it('never gives a partition to two members, even when both claim it', () => {
    const members = [
      { id: 'a', held: [0, 1, 9] },
      { id: 'b', held: [1, 0] },
      { id: 'c', held: [] },
    ];
    const shares = shareOut(members, 4);
    expect([...shares.values()].flat().toSorted((left, right) => left - right)).toEqual([0, 1, 2, 3]);
    expect([...shares.values()].map((share) => share.length)).toEqual([2, 1, 1]);
  });

  it('answers the same whoever is asked', () => {
    const members = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, held: [] }));
    expect(plain(shareOut(members.toReversed(), 3))).toEqual(plain(shareOut(members, 3)));
    expect(shareOut(members, 3).get('e')).toEqual([]);
  });
});
