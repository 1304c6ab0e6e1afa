import { describe, expect, it } from '@jest/globals';
import { mutants, product, type Judge } from './judges.ts';
import { judgeVerdicts, type Findings } from './oracle.ts';
import { World, type RanWorld } from './world.ts';

// Small on purpose: every commit runs it. One partition, interval checks, one to four ingests that block, crash, leave,
// come back, repeat appends, and lose the log together.
const SEEDS = 200;

const worlds: RanWorld[] = Array.from({ length: SEEDS }, (_, index) => new World(index + 1).run());

function findings(world: RanWorld, judge: Judge): Findings {
  const { verdicts, state } = judge(world.truth.log);
  const counts = world.jobs.map(({ check }) => state.checks.get(world.truth.idOf(check))?.pingCount ?? 0);
  return judgeVerdicts(world, verdicts, counts);
}

/** The seeds with a finding, each with its first one, so that a failure can be looked at alone. */
function faulty(judge: Judge, kind: 'falseAlarms' | 'lostAlarms' | 'otherFaults'): string[] {
  return worlds.flatMap((world) => {
    const [first] = findings(world, judge)[kind];
    return first === undefined ? [] : [`seed ${world.seed}: ${first}`];
  });
}

describe('in worlds with faults', () => {
  it('no job is called missed that pinged in time', () => {
    expect(faulty(product, 'falseAlarms')).toEqual([]);
  });

  it('no job that stayed away is forgotten', () => {
    expect(faulty(product, 'lostAlarms')).toEqual([]);
  });

  it('every ping counts once, and verdicts are numbered without gaps', () => {
    expect(faulty(product, 'otherFaults')).toEqual([]);
  });

  it('the oracle has enough to look at', () => {
    const all = worlds.map((world) => findings(world, product).counts);
    const sum = (name: keyof Findings['counts']): number =>
      all.reduce((total, counts) => total + counts[name], 0);
    expect(sum('misses')).toBeGreaterThan(2_000);
    expect(sum('exact')).toBeGreaterThan(10_000);
    // Misses that were right by all that was known, and proved wrong by an ingest that came back from the dead.
    expect(sum('tooLate') / sum('misses')).toBeLessThan(0.05);
  });
});

describe('the oracle is not blind', () => {
  it.each(Object.keys(mutants))('it finds fault when %s', (name) => {
    const judge = mutants[name] ?? product;
    const found = [
      ...faulty(judge, 'falseAlarms'),
      ...faulty(judge, 'lostAlarms'),
      ...faulty(judge, 'otherFaults'),
    ];
    expect(found.length).toBeGreaterThan(0);
  });
});
