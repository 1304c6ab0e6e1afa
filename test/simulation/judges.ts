import { applyPing } from '../../libs/domain/src/check/apply-ping.ts';
import { newFoldStep, type FoldStep } from '../../libs/domain/src/check/fold-step.ts';
import { fold } from '../../libs/domain/src/check/fold.ts';
import { newPartitionState, type PartitionState } from '../../libs/domain/src/check/partition-state.ts';
import type { Beat } from '../../libs/domain/src/event/event.ts';
import type { Verdict } from '../../libs/domain/src/event/transition.ts';

/** A verdict, and the record of the log after which it was pronounced. */
export interface Decision {
  readonly verdict: Verdict;
  readonly offset: number;
}

/** What somebody makes of a log. */
export interface Judgement {
  readonly decisions: readonly Decision[];
  readonly state: PartitionState;
}

export type Judge = (log: readonly Beat[]) => Judgement;

function foldAll(log: readonly Beat[]): Judgement {
  const state = newPartitionState(0);
  const decisions = log.flatMap((beat, offset) => decided(fold(state, offset, beat)));
  return { decisions, state };
}

function decided({ offset, verdicts }: FoldStep): Decision[] {
  return verdicts.map((verdict) => ({ verdict, offset }));
}

/** The product's fold. */
export const product: Judge = foldAll;

/**
 * The product's fold with one of its rules switched off. The oracle must find fault with every one of them; if it does
 * not, it is blind, and its silence about the product is worth nothing.
 */
export const mutants: Readonly<Record<string, Judge>> = {
  /** Time is the newest stamp that anybody was seen to give, as if one producer had written everything. */
  'the clock is the newest watermark': (log) => foldAll(byOneProducer(log)),

  /** Pings count when they are read, not in the order of their stamps. */
  'pings are applied on arrival': (log) => {
    const state = newPartitionState(0);
    const decisions = log.flatMap((beat, offset) => {
      if (beat.type !== 'ping.received') return decided(fold(state, offset, beat));
      const step = newFoldStep(offset);
      applyPing(state, { offset, late: false, ping: beat }, step);
      return decided(step);
    });
    return { decisions, state };
  },

  /** Every record counts, however often it was appended. */
  'repeated appends are not recognised': (log) => {
    const numbers = new Map<string, number>();
    return foldAll(
      log.map((beat) => {
        if (beat.type !== 'ping.received') return beat;
        const name = `${beat.producer}/${beat.epoch}`;
        const pseq = (numbers.get(name) ?? 0) + 1;
        numbers.set(name, pseq);
        return { ...beat, pseq };
      }),
    );
  },

  /** Whoever was judged dead is not missed: its last watermark moves no deadline. */
  'a dead ingest gives its clients no time': (log) =>
    foldAll(log.map((beat) => (beat.type === 'ingest.expired' ? { ...beat, leaseMs: 0 } : beat))),

  /** Nobody is ever judged dead. */
  'a silent ingest is never expired': (log) =>
    foldAll(
      log.map((beat) =>
        beat.type === 'ingest.expired' ? { ...beat, expired: { producer: 'nobody', epoch: 1 } } : beat,
      ),
    ),
};

/** Keeps every record's place in the log: what would go becomes a watermark that says nothing. */
function byOneProducer(log: readonly Beat[]): Beat[] {
  let newestAt = 0;
  let pseq = 0;
  let joined = false;
  return log.map((beat): Beat => {
    const all = { v: 1, producer: 'all', epoch: 1, pseq } as const;
    if (beat.type === 'ingest.joined' && !joined) {
      joined = true;
      return { ...beat, ...all };
    }
    if (beat.type === 'ping.received') {
      pseq += 1;
      return { ...beat, producer: 'all', epoch: 1, pseq };
    }
    if (beat.type === 'watermark') newestAt = Math.max(newestAt, beat.at);
    return beat.type === 'check.configured' ? beat : { ...all, type: 'watermark', at: newestAt };
  });
}
