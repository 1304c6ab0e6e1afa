import { describe, expect, it } from '@jest/globals';
import { seeded } from './cron-oracle-job.contract.ts';
import { compareChanges, compareSeconds, compareYears, everyChange } from './cron-oracle-rounds.contract.ts';

// The same comparisons at any length: scripts/cron-differential/README.md.
describe('random cron expressions', () => {
  it('have the slots that one sees by looking at the wall every minute of a year', () => {
    const { differences, slots } = compareYears(seeded(20_260_329), 30);
    expect(differences).toEqual([]);
    expect(slots).toBeGreaterThan(15_000);
  });

  it('have the slots that one sees by looking at the wall every second around a change of the clock', () => {
    const { differences, slots } = compareSeconds(seeded(20_261_025), 60);
    expect(differences).toEqual([]);
    expect(slots).toBeGreaterThan(5_000);
  });
});

describe('at every change of the clock from 2007 to 2037 in every zone', () => {
  it('jobs in the gap, in the repeated time and at their ends, lists and stars have the slots one sees on the wall', () => {
    const changes = everyChange(2007, 2037);
    expect(changes.length).toBeGreaterThan(3_000);
    // Every seventeenth, so that each zone's spring and autumn have a turn.
    const { differences, rounds } = compareChanges(changes.filter((_, index) => index % 17 === 0));
    expect(differences).toEqual([]);
    expect(rounds).toBeGreaterThan(2_000);
  });
});
