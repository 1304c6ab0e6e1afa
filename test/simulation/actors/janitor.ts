import { silentFor, type Silence } from '../../../apps/evaluator/src/janitor/silence.ts';
import type { PartitionState } from '../../../libs/domain/src/check/partition-state.ts';
import type { Process } from '../engine.ts';
import type { Pace } from '../pace.ts';
import type { LogModel } from './log-model.ts';
import type { ProcessClock } from './process-clock.ts';

/** What a janitor needs of the evaluator that it lives in. */
export interface JanitorSurroundings {
  readonly name: string;
  readonly process: Process;
  readonly clock: ProcessClock;
  readonly log: LogModel;
  readonly pace: Pace;
  /** False: silence counts also while we ourselves do not reach the log or stand still. */
  readonly guarded: boolean;
}

/** Expires who is silent. The silence is added up by the product's own rule. */
export class Janitor {
  readonly #silences = new Map<number, Map<string, Silence>>();
  readonly #ends = new Map<number, number>();
  #expiries = 0;

  constructor(private readonly around: JanitorSurroundings) {}

  /** One look at one partition. */
  look(state: PartitionState): void {
    const { log, clock, pace, guarded } = this.around;
    const { partition } = state;
    const before = this.#silences.get(partition) ?? new Map<string, Silence>();
    // Read to its end as it was at the look before: a busy log has always grown a little since.
    const isRead = state.nextOffset >= (this.#ends.get(partition) ?? Infinity);
    if (log.isUp(partition)) this.#ends.set(partition, log.partitions[partition]?.beats.length ?? 0);
    else this.#ends.delete(partition);
    if (guarded && !(log.isUp(partition) && isRead)) {
      this.#silences.set(partition, new Map());
      return;
    }
    const longestStepMs = guarded ? pace.lookMs * 2 : Infinity;
    const silences = silentFor(state, before, clock.wall(), longestStepMs);
    this.#silences.set(partition, silences);
    for (const [producer, { epoch, silentMs }] of silences) {
      if (silentMs < pace.leaseMs) continue;
      this.#expire(partition, producer, epoch);
      silences.delete(producer);
    }
  }

  /** A new life of the evaluator remembers nothing. */
  forget(): void {
    this.#silences.clear();
    this.#ends.clear();
  }

  #expire(partition: number, producer: string, epoch: number): void {
    this.#expiries += 1;
    const { log, name, pace } = this.around;
    log.appendBeats(
      partition,
      [
        {
          v: 1,
          type: 'ingest.expired',
          producer: name,
          epoch: this.#expiries,
          pseq: 1,
          expired: { producer, epoch },
          leaseMs: pace.leaseMs,
        },
      ],
      () => undefined,
    );
  }
}
