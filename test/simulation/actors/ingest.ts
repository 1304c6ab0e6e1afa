import { partitionOf } from '../../../libs/domain/src/partition.ts';
import { Process, type Engine } from '../engine.ts';
import type { Pace } from '../pace.ts';
import type { Truth } from '../truth.ts';
import { Lane, type Request } from './lane.ts';
import type { LogModel } from './log-model.ts';
import { ProcessClock } from './process-clock.ts';

/** What an ingest lives in. */
export interface IngestSurroundings {
  readonly engine: Engine;
  readonly log: LogModel;
  readonly truth: Truth;
  readonly pace: Pace;
}

/** One ingest: takes pings, writes them by one lane a partition, notices when it stood still. */
export class Ingest {
  readonly process: Process;
  readonly clock: ProcessClock;
  readonly log: LogModel;
  readonly truth: Truth;
  readonly pace: Pace;
  leaving = false;
  /** Until then it does not reach the log; it goes on taking pings. */
  blockedUntilAt = 0;
  /** Set where it is to crash right after the next ping that has no time to lose. */
  doom: (() => void) | null = null;
  #lanes: Lane[] = [];
  #epoch = 0;
  #aliveAt = 0;

  constructor(
    readonly name: string,
    { engine, log, truth, pace }: IngestSurroundings,
  ) {
    this.process = new Process(engine);
    this.clock = new ProcessClock(engine);
    this.log = log;
    this.truth = truth;
    this.pace = pace;
  }

  start(): void {
    this.process.begin();
    this.leaving = false;
    this.clock.anchor();
    this.#aliveAt = this.clock.stamp();
    this.#lanes = this.log.partitions.map((_, partition) => new Lane(partition, this));
    this.#join(this.#aliveAt);
    this.#tick();
  }

  crash(): void {
    this.process.end();
    for (const lane of this.#lanes) lane.die();
  }

  /** Takes nothing any more, writes what it owes, and says goodbye. */
  leave(): void {
    this.leaving = true;
    this.#leaveWhenDone(this.#lanes);
  }

  take(request: Request): void {
    this.noticeStall();
    this.#lanes[partitionOf(request.signal.checkId, this.#lanes.length)]?.take(request);
  }

  get isBlocked(): boolean {
    return this.process.engine.nowAt < this.blockedUntilAt;
  }

  nextEpoch(): number {
    this.#epoch += 1;
    return this.#epoch;
  }

  /** Before any stamp after a pause: else that stamp would say that the time in between was heard. */
  noticeStall(): void {
    const now = this.clock.stamp();
    const aliveAt = this.#aliveAt;
    this.#aliveAt = now;
    if (now - aliveAt > this.pace.stallMs) this.#join(aliveAt);
  }

  #join(listenedUntilAt: number): void {
    const epoch = this.nextEpoch();
    for (const lane of this.#lanes) lane.join(epoch, listenedUntilAt);
  }

  #tick(): void {
    this.process.later(this.pace.tickMs, () => {
      this.noticeStall();
      if (!this.leaving) for (const lane of this.#lanes) lane.flush();
      this.#tick();
    });
  }

  #leaveWhenDone(lanes: readonly Lane[]): void {
    const left = lanes.filter((lane) => !lane.leave());
    if (left.length === 0) this.process.end();
    else this.process.later(20, () => this.#leaveWhenDone(left));
  }
}
