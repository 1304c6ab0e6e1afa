import { fold, type FoldStep, type PartitionState } from '#domain';
import { decodeBeat, type Undecodable } from '../codec/codec.ts';
import type { LogBatch } from '../event-log.ts';

/** A record that could not be read: told to the operator, and passed over by every folder alike. */
export interface Unreadable {
  readonly offset: number;
  readonly reason: Undecodable;
}

export interface FoldedBatch {
  readonly steps: readonly FoldStep[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Folds a batch of `holter.beats`. Records before the state's offset were folded already (the batch is offered again
 * after a failure further down) and are passed over, so that no record counts twice.
 */
export function foldBatch(state: PartitionState, batch: LogBatch): FoldedBatch {
  const steps: FoldStep[] = [];
  const unreadable: Unreadable[] = [];
  for (const { offset, value } of batch.records) {
    if (offset < state.nextOffset || value === null) continue;
    const decoded = decodeBeat(value);
    if (decoded.ok) {
      steps.push(fold(state, offset, decoded.event));
    } else {
      unreadable.push({ offset, reason: decoded.reason });
      state.nextOffset = offset + 1;
    }
  }
  return { steps, unreadable };
}
