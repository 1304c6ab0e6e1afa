import { describe, expect, it } from '@jest/globals';
import { mutants, product, type Judge } from './judges.ts';
import { judgeDecisions, type Findings } from './oracle.ts';
import { World, type RanWorld } from './world.ts';

// Small on purpose: every commit runs it. One partition, interval checks, one to four ingests that block, crash, leave,
// come back, repeat appends, and lose the log together.
const SEEDS = 200;

const worlds: RanWorld[] = Array.from({ length: SEEDS }, (_, index) => new World(index + 1).run());

function findings(world: RanWorld, judge: Judge): Findings {
  const { decisions, state } = judge(world.truth.log);
  const counts = world.jobs.map(({ check }) => state.checks.get(world.truth.idOf(check))?.pingCount ?? 0);
  return judgeDecisions(world, decisions, counts);
}

const found = worlds.map((world) => ({ seed: world.seed, ...findings(world, product) }));

/** The seeds with a finding, each with its first one, so that a failure can be looked at alone. */
function faulty(kind: Exclude<keyof Findings, 'counts'>): string[] {
  return found.flatMap(({ seed, [kind]: list }) =>
    list[0] === undefined ? [] : [`seed ${seed}: ${list[0]}`],
  );
}

describe('in worlds with faults', () => {
  it('no job is called missed that pinged in time', () => {
    expect(faulty('falseAlarms')).toEqual([]);
  });

  it('no job that stayed away is forgotten', () => {
    expect(faulty('lostAlarms')).toEqual([]);
  });

  it('whoever stays away is told of within the lease of the slowest ingest', () => {
    expect(faulty('lateAlarms')).toEqual([]);
  });

  it('every ping counts once, and verdicts are numbered without gaps', () => {
    expect(faulty('otherFaults')).toEqual([]);
  });

  it('the oracle has enough to look at', () => {
    const sum = (name: keyof Findings['counts']): number =>
      found.reduce((total, { counts }) => total + counts[name], 0);
    expect(sum('misses')).toBeGreaterThan(2_000);
    expect(sum('exact')).toBeGreaterThan(10_000);
    // Misses that were right by all that was known, and proved wrong by an ingest that came back from the dead.
    expect(sum('tooLate') / sum('misses')).toBeLessThan(0.1);
  });
});

describe('the oracle is not blind', () => {
  it.each(Object.keys(mutants))('finds fault when %s', (name) => {
    const judge = mutants[name] ?? product;
    const isFaulty = (world: RanWorld): boolean => {
      const { counts: _, ...lists } = findings(world, judge);
      return Object.values(lists).some((list) => list.length > 0);
    };
    expect(worlds.findIndex(isFaulty)).toBeGreaterThanOrEqual(0);
  });
});
