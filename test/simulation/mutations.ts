import { ALL_RULES, type RuleSwitches } from '../../libs/domain/src/check/rule-switches.ts';

/** Which rules are in force in a world: the fold's, and those of what is around it. */
export interface Rules {
  readonly fold: RuleSwitches;
  /** Silence counts only while the janitor itself reaches the log and does not stand still. */
  readonly leaseGuard: boolean;
  /** What is out already is not written again. */
  readonly tailSuppression: boolean;
  /** A reader drops what is not newer than what it has. */
  readonly readerDropsRepeats: boolean;
}

/** All of them, as in the product. */
export const IN_FORCE: Rules = {
  fold: ALL_RULES,
  leaseGuard: true,
  tailSuppression: true,
  readerDropsRepeats: true,
};

function foldWithout(rule: keyof RuleSwitches): Rules {
  return { ...IN_FORCE, fold: { ...ALL_RULES, [rule]: false } };
}

/** The rules that are left, and the invariants of which one must notice. */
export interface Mutation {
  readonly rules: Rules;
  readonly caughtBy: readonly string[];
}

/**
 * Each takes one rule away. The invariants must find fault with every one of them within a hundred seeds; if they do
 * not, they are blind, and their silence about the product is worth nothing.
 */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'sorted release': { rules: foldWithout('sortedRelease'), caughtBy: ['I1', 'I2'] },
  deduplication: { rules: foldWithout('repeatsDropped'), caughtBy: ['I5'] },
  'lease guard': { rules: { ...IN_FORCE, leaseGuard: false }, caughtBy: ['I10'] },
  'tail suppression': { rules: { ...IN_FORCE, tailSuppression: false }, caughtBy: ['I5'] },
  'reader drops repeats': { rules: { ...IN_FORCE, readerDropsRepeats: false }, caughtBy: ['I5'] },
  'hole voiding': { rules: foldWithout('holesVoid'), caughtBy: ['I6'] },
  'soft holes': { rules: foldWithout('softHoles'), caughtBy: ['I1'] },
  'timers of each run': { rules: foldWithout('runsWatchedEach'), caughtBy: ['I1', 'I2'] },
  'threshold counting': { rules: foldWithout('thresholds'), caughtBy: ['I1', 'I2'] },
  'catch-up after a clock change': { rules: foldWithout('gapCatchUp'), caughtBy: ['I1', 'I2'] },
  retraction: { rules: foldWithout('retractions'), caughtBy: ['I1'] },
};
