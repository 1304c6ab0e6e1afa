import type { Verdict } from '../../../libs/domain/src/event/transition.ts';
import type { WrittenVerdict } from './log-model.ts';

/** What a notifier made of the transitions of one partition. */
export interface Told {
  /** How often it was told of each verdict, by its id. */
  readonly times: ReadonlyMap<string, number>;
  readonly verdicts: readonly Verdict[];
  /** Numbers at which something was missing. */
  readonly jumps: readonly number[];
  /** Repeats that were not the same bytes as the first. */
  readonly differing: readonly number[];
  readonly repeats: number;
}

/** Reads as a notifier does: keeps the newest number, drops what is not greater, and notices a jump. */
export function readAll(written: readonly WrittenVerdict[], dropsRepeats: boolean): Told {
  const times = new Map<string, number>();
  const verdicts: Verdict[] = [];
  const jumps: number[] = [];
  const differing: number[] = [];
  const first = new Map<number, string>();
  let last = 0;
  let repeats = 0;
  for (const { verdict, json } of written) {
    const { oseq } = verdict;
    const before = first.get(oseq);
    if (before === undefined) first.set(oseq, json);
    else if (before !== json) differing.push(oseq);
    if (oseq <= last) {
      repeats += 1;
      if (dropsRepeats) continue;
    } else if (oseq > last + 1) jumps.push(oseq);
    last = Math.max(last, oseq);
    times.set(verdict.id, (times.get(verdict.id) ?? 0) + 1);
    verdicts.push(verdict);
  }
  return { times, verdicts, jumps, differing, repeats };
}
