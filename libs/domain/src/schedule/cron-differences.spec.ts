import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compiled } from './cron-oracle-walk.contract.ts';
import { nextSlotAfter, previousSlotAtOrBefore } from './schedule.ts';

type Direction = 'next' | 'previous';

/** Cases as cronsim 2.7 was asked them: what both say, or what each says, who is right by the rule, and the kind. */
interface Golden {
  agreed: [expression: string, zone: string, direction: Direction, at: string, slot: string][];
  differences: [
    expression: string,
    zone: string,
    direction: Direction,
    at: string,
    ours: string,
    theirs: string,
    right: 'ours' | 'theirs' | 'neither',
    kind: string,
  ][];
}

const { agreed, differences }: Golden = JSON.parse(
  readFileSync(new URL('./cron-differences.golden.json', import.meta.url), 'utf8'),
);

function answer(expression: string, zone: string, direction: Direction, at: string): string {
  const schedule = compiled(expression, zone);
  if (schedule === null) return 'none';
  const asked = Date.parse(at);
  // Cronsim's previous slot is before the instant, ours may be at it.
  const slot =
    direction === 'next' ? nextSlotAfter(schedule, asked) : previousSlotAtOrBefore(schedule, asked - 1);
  return slot === null ? 'none' : new Date(slot).toISOString().replace('.000', '');
}

describe('slots of random expressions in random zones, mostly around changes of the clock', () => {
  it('are those that cronsim finds as well', () => {
    expect(agreed.length).toBeGreaterThan(2_000);
    const wrong = agreed.filter(
      ([expression, zone, direction, at, slot]) => answer(expression, zone, direction, at) !== slot,
    );
    expect(wrong).toEqual([]);
  });

  it('are those of the rule where cronsim finds others', () => {
    expect(differences.length).toBeGreaterThan(300);
    const wrong = differences.filter(
      ([expression, zone, direction, at, ours]) => answer(expression, zone, direction, at) !== ours,
    );
    expect(wrong).toEqual([]);
  });

  it('are wrong only before 2007, where the table of zones begins', () => {
    const wrong = differences.filter(
      ([, , , , , , right, kind]) => right !== 'ours' && kind !== 'before 2007',
    );
    expect(wrong).toEqual([]);
  });
});
