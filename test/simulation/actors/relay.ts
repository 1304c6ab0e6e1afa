import { partitionOf } from '../../../libs/domain/src/partition.ts';
import type { CheckDefinition } from '../../../libs/domain/src/check/definition.ts';
import type { Beat } from '../../../libs/domain/src/event/event.ts';
import type { Engine } from '../engine.ts';
import type { Pace } from '../pace.ts';
import type { Random } from '../random.ts';
import type { Truth } from '../truth.ts';
import type { LogModel } from './log-model.ts';

/** A change that somebody made, before it has its place in the log. */
export type Change =
  | { readonly type: 'check.configured'; readonly definition: CheckDefinition }
  | { readonly type: 'check.paused' | 'check.resumed' | 'check.removed'; readonly checkId: string };

/** Takes what people change to the log, in order and as often as it takes; its records tell no time. */
export class Relay {
  readonly #queues: Beat[][];
  readonly #busy: boolean[];
  readonly #numbers: number[];

  constructor(
    private readonly around: {
      readonly engine: Engine;
      readonly random: Random;
      readonly log: LogModel;
      readonly truth: Truth;
      readonly pace: Pace;
    },
  ) {
    const { log } = around;
    this.#queues = log.partitions.map(() => []);
    this.#busy = log.partitions.map(() => false);
    this.#numbers = log.partitions.map(() => 0);
  }

  change(change: Change): void {
    const checkId = change.type === 'check.configured' ? change.definition.checkId : change.checkId;
    this.around.truth.changesAsked.push({ checkId, at: this.around.engine.nowAt });
    this.#queue(partitionOf(checkId, this.around.log.partitions.length), change);
  }

  /** The same version again, or another one that this release knows, on every partition. */
  activateZones(version: string): void {
    for (const partition of this.around.log.partitions.keys()) {
      this.#queue(partition, { type: 'tz.activated', version });
    }
  }

  #queue(partition: number, change: Change | { type: 'tz.activated'; version: string }): void {
    const pseq = (this.#numbers[partition] ?? 0) + 1;
    this.#numbers[partition] = pseq;
    this.#queues[partition]?.push({ v: 1, producer: 'api', epoch: 1, pseq, ...change });
    this.around.engine.after(this.around.random.between(0, 500), () => this.#send(partition));
  }

  #send(partition: number): void {
    const queue = this.#queues[partition] ?? [];
    if (this.#busy[partition] === true || queue.length === 0) return;
    this.#busy[partition] = true;
    const beats = [...queue];
    this.around.log.appendBeats(partition, beats, (ok) => {
      this.#busy[partition] = false;
      if (ok) queue.splice(0, beats.length);
      this.around.engine.after(ok ? 0 : this.around.pace.retryMs / 10, () => this.#send(partition));
    });
  }
}
