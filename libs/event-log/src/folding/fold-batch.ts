import { fold, type FoldStep, type PartitionState } from '#domain';
import { decodeBeat, type Undecodable } from '../codec/codec.ts';
import type { LogBatch } from '../event-log.ts';

/** A record that could not be read: told to the operator, and passed over by every folder alike. */
export interface Unreadable {
  readonly offset: number;
  readonly reason: Undecodable;
}

/**
 * Folds a batch of `holter.beats` and hands over each step as it is made, so that what nobody keeps is garbage at once.
 * Records before the state's offset were folded already (the batch is offered again after a failure further down) and
 * are passed over, so that no record counts twice. Answers the records that cannot be read.
 */
export function foldBatch(
  state: PartitionState,
  batch: LogBatch,
  take: (step: FoldStep) => void,
): readonly Unreadable[] {
  const unreadable: Unreadable[] = [];
  for (const { offset, value } of batch.records) {
    if (offset < state.nextOffset || value === null) continue;
    const decoded = decodeBeat(value);
    if (decoded.ok) {
      take(fold(state, offset, decoded.event));
    } else {
      unreadable.push({ offset, reason: decoded.reason });
      state.nextOffset = offset + 1;
    }
  }
  return unreadable;
}
