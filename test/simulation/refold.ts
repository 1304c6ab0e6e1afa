import { fold } from '../../libs/domain/src/check/fold.ts';
import { newPartitionState, type PartitionState } from '../../libs/domain/src/check/partition-state.ts';
import type { RuleSwitches } from '../../libs/domain/src/check/rule-switches.ts';
import type { Beat } from '../../libs/domain/src/event/event.ts';
import type { Verdict } from '../../libs/domain/src/event/transition.ts';

/** A verdict and the offset of the record after which it was pronounced. */
export interface Pronounced {
  readonly verdict: Verdict;
  readonly offset: number;
}

/** What a log comes to. */
export interface Refold {
  readonly state: PartitionState;
  readonly pronounced: readonly Pronounced[];
}

/** Folds a log from its beginning. */
export function refold(beats: readonly Beat[], partition: number, rules: RuleSwitches): Refold {
  return foldOn(newPartitionState(partition, rules), beats);
}

/** Folds what a state has not seen yet. */
export function foldOn(state: PartitionState, beats: readonly Beat[]): Refold {
  const pronounced: Pronounced[] = [];
  for (let offset = state.nextOffset; offset < beats.length; offset += 1) {
    const beat = beats[offset];
    if (beat === undefined) break;
    for (const verdict of fold(state, offset, beat).verdicts) pronounced.push({ verdict, offset });
  }
  return { state, pronounced };
}
