import { readAll } from './actors/reader.ts';
import type { Decided, Examined, Finding } from './invariants/finding.ts';
import { isOnCheck } from './invariants/finding.ts';
import { INVARIANTS } from './invariants/all.ts';
import { IN_FORCE, type Rules } from './mutations.ts';
import { segmentsOf } from './oracle/segments.ts';
import { refold, type Refold } from './refold.ts';
import { NOTHING, totalsOf, type Totals } from './totals.ts';
import { runWorld, type RanWorld } from './world.ts';

/** What came of one seed. */
export interface Examination {
  readonly seed: number;
  readonly findings: readonly Finding[];
  readonly totals: Totals;
}

/** Lets the world of a seed run and asks every invariant. Whatever throws is a finding as well. */
export function examineSeed(seed: number, rules: Rules = IN_FORCE): Examination {
  try {
    const examined = examinedWorld(runWorld(seed, rules));
    return { seed, findings: findingsIn(examined), totals: totalsOf(examined) };
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed, findings: [{ invariant: 'error', what }], totals: NOTHING };
  }
}

export function findingsIn(examined: Examined): Finding[] {
  return INVARIANTS.flatMap((invariant) => invariant(examined));
}

export function examinedWorld(world: RanWorld): Examined {
  const refolds = world.logs.map(({ beats }, partition) => refold(beats, partition, world.rules.fold));
  return {
    world,
    refolds,
    told: world.logs.map(({ written }) => readAll(written, world.rules.readerDropsRepeats)),
    segments: segmentsOf(world),
    byCheck: decidedByCheck(world, refolds),
  };
}

function decidedByCheck({ logs }: RanWorld, refolds: readonly Refold[]): Map<string, Decided[]> {
  const byCheck = new Map<string, Decided[]>();
  for (const [partition, { pronounced }] of refolds.entries()) {
    for (const { verdict, offset } of pronounced) {
      if (!isOnCheck(verdict)) continue;
      const decided = { verdict, partition, decidedAt: logs[partition]?.appendedAt[offset] ?? 0 };
      const list = byCheck.get(verdict.checkId);
      if (list === undefined) byCheck.set(verdict.checkId, [decided]);
      else list.push(decided);
    }
  }
  return byCheck;
}
