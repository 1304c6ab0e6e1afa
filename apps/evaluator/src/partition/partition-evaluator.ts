import { newPartitionState, type Effect, type PartitionState, type Verdict } from '#domain';
import {
  TRANSITIONS,
  encodeEvent,
  foldBatch,
  type EventLog,
  type LogBatch,
  type Unreadable,
} from '#event-log';
import type { VerdictTail } from '../verdict/verdict-tail.ts';

/** Large enough for a storm, small enough for one request to the log. */
const VERDICTS_AT_ONCE = 1_000;

/** What a record led to that an operator should know of. */
export type Remarkable = Exclude<Effect, { kind: 'ping' }>;

/** What came of a batch. */
export interface Taken {
  readonly remarkable: readonly Remarkable[];
  readonly unreadable: readonly Unreadable[];
  readonly written: readonly Verdict[];
}

/**
 * The judge of one partition: folds what it reads and writes the verdicts that are not out yet, in their order, one
 * append in flight. A failed append is repeated with the next offer of the batch; readers drop repeats by number.
 */
export class PartitionEvaluator {
  readonly state: PartitionState;
  #pending: Verdict[] = [];

  constructor(
    readonly partition: number,
    private readonly log: EventLog,
    private readonly tail: VerdictTail,
  ) {
    this.state = newPartitionState(partition);
  }

  /** Folds and writes; answers what was remarkable in the records, and which verdicts this call wrote. */
  async take(batch: LogBatch): Promise<Taken> {
    const remarkable: Remarkable[] = [];
    const unreadable = foldBatch(this.state, batch, ({ verdicts, effects }) => {
      this.#pending.push(...verdicts);
      for (const effect of effects) if (effect.kind !== 'ping') remarkable.push(effect);
    });
    this.state.nextOffset = Math.max(this.state.nextOffset, batch.nextOffset);
    const written: Verdict[] = [];
    while (this.#pending.length > 0) {
      const outAlready = this.tail.oseqOf(this.partition);
      const next = this.#pending.filter((verdict) => verdict.oseq > outAlready).slice(0, VERDICTS_AT_ONCE);
      if (next.length > 0) await this.log.append(TRANSITIONS, this.partition, next.map(recordOf));
      written.push(...next);
      const last = next.at(-1)?.oseq ?? Infinity;
      this.#pending = this.#pending.filter((verdict) => verdict.oseq > last);
    }
    return { remarkable, unreadable, written };
  }
}

function recordOf(verdict: Verdict): { key: string; value: string } {
  return {
    key: 'checkId' in verdict ? verdict.checkId : `partition-${verdict.partition}`,
    value: encodeEvent(verdict),
  };
}
