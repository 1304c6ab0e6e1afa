import type { Beat } from '../../../libs/domain/src/event/event.ts';
import type { Verdict } from '../../../libs/domain/src/event/transition.ts';
import type { Engine } from '../engine.ts';
import type { Random } from '../random.ts';
import type { Truth } from '../truth.ts';

/** A verdict as somebody appended it to the transitions. */
export interface WrittenVerdict {
  readonly verdict: Verdict;
  readonly json: string;
  readonly at: number;
}

/** One partition: what everybody appended, in the order that the log gave it. */
export interface PartitionLog {
  readonly beats: Beat[];
  readonly appendedAt: number[];
  readonly written: WrittenVerdict[];
}

/**
 * The log. It takes an append whole or not at all; it may be away, as a whole or one partition of it; and its answer
 * may get lost, in which case whoever asked appends the same again.
 */
export class LogModel {
  readonly partitions: readonly PartitionLog[];
  lostAnswerShare = 0;
  readonly #outages: number[];
  readonly #readers: ((partition: number) => void)[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly random: Random,
    private readonly truth: Truth,
  ) {
    this.partitions = truth.partitions.map(() => ({ beats: [], appendedAt: [], written: [] }));
    this.#outages = this.partitions.map(() => 0);
  }

  isUp(partition: number): boolean {
    return this.engine.nowAt >= (this.#outages[partition] ?? 0);
  }

  /** Since when it could be read and written without a break, where it can now. */
  upSince(partition: number): number {
    return this.#outages[partition] ?? 0;
  }

  breakDown(partition: number, untilAt: number): void {
    const until = Math.max(this.#outages[partition] ?? 0, untilAt);
    this.#outages[partition] = until;
    this.truth.outage(partition, this.engine.nowAt, until);
  }

  heal(): void {
    for (const partition of this.partitions.keys()) {
      if (!this.isUp(partition)) this.truth.outageEnds(partition, this.engine.nowAt);
      this.#outages[partition] = 0;
    }
  }

  onAppend(reader: (partition: number) => void): void {
    this.#readers.push(reader);
  }

  appendBeats(partition: number, beats: readonly Beat[], done: (ok: boolean) => void): void {
    this.#append(partition, done, (log) => {
      for (const beat of beats) {
        log.beats.push(beat);
        log.appendedAt.push(this.engine.nowAt);
        this.truth.appended(partition, this.engine.nowAt, beat);
      }
      for (const reader of this.#readers) reader(partition);
    });
  }

  appendVerdicts(partition: number, verdicts: readonly Verdict[], done: (ok: boolean) => void): void {
    this.#append(partition, done, (log) => {
      for (const verdict of verdicts) {
        log.written.push({ verdict, json: JSON.stringify(verdict), at: this.engine.nowAt });
      }
    });
  }

  /** The number of the newest verdict that is out. */
  tailOf(partition: number): number {
    return this.partitions[partition]?.written.at(-1)?.verdict.oseq ?? 0;
  }

  #append(partition: number, done: (ok: boolean) => void, write: (log: PartitionLog) => void): void {
    const { engine, random } = this;
    engine.after(random.between(1, 30), () => {
      const log = this.partitions[partition];
      if (log === undefined || !this.isUp(partition)) {
        engine.after(random.between(20, 200), () => done(false));
        return;
      }
      write(log);
      const answered = !random.chance(this.lostAnswerShare);
      engine.after(random.between(1, answered ? 30 : 300), () => done(answered));
    });
  }
}
