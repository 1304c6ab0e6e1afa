import { examineSeed } from './examine.ts';
import type { Finding } from './invariants/finding.ts';
import type { Mutation } from './mutations.ts';

/** The first seed that shows that a rule is missing, and by what; null when none of those tried does. */
export interface Caught {
  readonly seed: number;
  readonly finding: Finding;
}

/** How many seeds a mutation may live through. */
export const SEEDS_TO_CATCH = 100;

/** Runs worlds without a rule until an invariant that is meant to notice does, in a world that is sound with the rule. */
export function catchMutation({ rules, caughtBy }: Mutation, from = 1): Caught | null {
  for (let seed = from; seed < from + SEEDS_TO_CATCH; seed += 1) {
    const mutated = examineSeed(seed, rules).findings;
    const finding = mutated.find(({ invariant }) => caughtBy.includes(invariant));
    if (finding === undefined) continue;
    const { findings } = examineSeed(seed);
    if (!findings.some(({ invariant }) => invariant === finding.invariant)) return { seed, finding };
  }
  return null;
}
