import type { CheckTransition, Verdict } from '../../../libs/domain/src/event/transition.ts';
import type { Told } from '../actors/reader.ts';
import type { Segment } from '../oracle/segments.ts';
import type { Refold } from '../refold.ts';
import type { RanWorld } from '../world.ts';

/** Something that is not as it should be: which invariant says so, and what it saw. */
export interface Finding {
  readonly invariant: string;
  readonly what: string;
}

/** A world that ran, with everything that more than one invariant looks at. */
export interface Examined {
  readonly world: RanWorld;
  /** What comes out when each partition's log is folded once, from its beginning. */
  readonly refolds: readonly Refold[];
  readonly told: readonly Told[];
  readonly segments: readonly Segment[];
  /** The verdicts on each check, in their order. */
  readonly byCheck: ReadonlyMap<string, readonly Decided[]>;
}

/** A verdict on a check, and when the record was appended that decided it. */
export interface Decided {
  readonly verdict: CheckTransition;
  readonly partition: number;
  readonly decidedAt: number;
}

export type Invariant = (examined: Examined) => Finding[];

/** Instants in findings are told from the beginning of the world, so that they can be read. */
export function since({ plan }: RanWorld, at: number): string {
  return `${((at - plan.startAt) / 1_000).toFixed(3)} s`;
}

export function isOnCheck(verdict: Verdict): verdict is CheckTransition {
  return 'checkId' in verdict;
}
