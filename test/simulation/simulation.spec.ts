import { describe, expect, it } from '@jest/globals';
import { examineSeed } from './examine.ts';
import { FAILED_SEEDS } from './failed-seeds.ts';
import { portionsOf, workInJobs, type ToJob } from './jobs.ts';
import { added, NOTHING, type Totals } from './totals.ts';

// Every commit runs these; `npm run simulate` runs as many as one likes.
const SEEDS = 200;

async function faultsOf(work: readonly ToJob[]): Promise<{ faults: string[]; totals: Totals }> {
  let totals = NOTHING;
  const faults: string[] = [];
  await workInJobs(work, 2, (message) => {
    if (message.kind !== 'examined') return;
    const { seed, findings, totals: more } = message.examination;
    totals = added(totals, more);
    faults.push(...findings.slice(0, 3).map(({ invariant, what }) => `seed ${seed}: ${invariant} ${what}`));
  });
  return { faults, totals };
}

describe('the product in simulated worlds', () => {
  it('keeps every invariant under injected faults', async () => {
    const { faults, totals } = await faultsOf(portionsOf(1, SEEDS));
    expect(faults).toEqual([]);
    // The worlds are worth looking at: nobody is reassured by silence about nothing.
    expect(totals.knownVerdicts).toBeGreaterThan(50_000);
    expect(totals.transitions['check.missed']).toBeGreaterThan(10_000);
    expect(totals.transitions['check.hung']).toBeGreaterThan(1_000);
    expect(totals.transitions['check.recovered']).toBeGreaterThan(5_000);
    expect(totals.transitions['check.miss_retracted']).toBeGreaterThan(3);
    expect(totals.held).toBeGreaterThan(100);
    expect(totals.holes).toBeGreaterThan(100);
    expect(totals.expiries).toBeGreaterThan(100);
  });

  it('keeps them in every world in which a fault was found before', async () => {
    const { faults } = await faultsOf(FAILED_SEEDS.flatMap((seed) => portionsOf(seed, 1)));
    expect(faults).toEqual([]);
  });

  it('runs the same world again for the same seed', () => {
    expect(examineSeed(7)).toEqual(examineSeed(7));
  });
});
