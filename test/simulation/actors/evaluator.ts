import { fold } from '../../../libs/domain/src/check/fold.ts';
import { newPartitionState, type PartitionState } from '../../../libs/domain/src/check/partition-state.ts';
import type { RuleSwitches } from '../../../libs/domain/src/check/rule-switches.ts';
import type { Verdict } from '../../../libs/domain/src/event/transition.ts';
import { Process, type Engine } from '../engine.ts';
import type { Pace } from '../pace.ts';
import type { Random } from '../random.ts';
import { piecesOf, stateOf } from '../snapshot-codec.ts';
import type { Truth } from '../truth.ts';
import { Janitor } from './janitor.ts';
import type { LogModel } from './log-model.ts';
import { ProcessClock } from './process-clock.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** What an evaluator lives in, and which of its rules are on. */
export interface EvaluatorSurroundings {
  readonly engine: Engine;
  readonly random: Random;
  readonly log: LogModel;
  readonly truth: Truth;
  readonly pace: Pace;
  readonly snapshots: SnapshotStore;
  readonly tornShare: number;
  readonly lostShare: number;
  readonly rules: RuleSwitches;
  readonly leaseGuarded: boolean;
  readonly tailSuppressed: boolean;
}

interface Seat {
  readonly state: PartitionState;
  pending: Verdict[];
  writing: boolean;
  reading: boolean;
  snapshotDueAt: number;
  /** The number that was out when this life began: nothing up to it may be written again. */
  readonly tailAtStart: number;
}

/** So many records are folded at once, and so many verdicts appended. */
const AT_ONCE = 400;

/** A judge of every partition, one of two that know nothing of each other but what is out. */
export class Evaluator {
  readonly process: Process;
  readonly clock: ProcessClock;
  /** It goes on emitting what another one has long said: its reading lags behind. */
  zombieUntilAt = 0;
  readonly #janitor: Janitor;
  #seats: Seat[] = [];

  constructor(
    readonly name: string,
    private readonly around: EvaluatorSurroundings,
  ) {
    const { engine, log, pace, leaseGuarded } = around;
    this.process = new Process(engine);
    this.clock = new ProcessClock(engine);
    const { process, clock } = this;
    this.#janitor = new Janitor({ name, process, clock, log, pace, guarded: leaseGuarded });
    log.onAppend((partition) => this.#read(partition));
  }

  start(): void {
    const { log, pace, engine } = this.around;
    this.process.begin();
    this.#janitor.forget();
    this.#seats = log.partitions.map((_, partition) => ({
      state: this.#recover(partition),
      pending: [],
      writing: false,
      reading: false,
      snapshotDueAt: engine.nowAt + pace.snapshotMs,
      tailAtStart: log.tailOf(partition),
    }));
    for (const partition of this.#seats.keys()) this.#read(partition);
    this.#look();
  }

  crash(): void {
    this.process.end();
    this.#seats = [];
  }

  /** Since when it could judge a partition without a break; Infinity while it cannot. */
  steadySince(partition: number): number {
    const { engine, log } = this.around;
    const { process, zombieUntilAt } = this;
    if (!process.awake || zombieUntilAt > engine.nowAt || !log.isUp(partition)) return Infinity;
    return Math.max(process.begunAt, process.pausedUntilAt, zombieUntilAt, log.upSince(partition));
  }

  /** What it made of a partition so far. */
  stateOf(partition: number): PartitionState | null {
    return this.#seats[partition]?.state ?? null;
  }

  /** The newest snapshot that is whole, else an older one, else the beginning. */
  #recover(partition: number): PartitionState {
    for (const { pieces } of this.around.snapshots.newestFirst(partition)) {
      const state = stateOf(pieces, this.around.rules);
      if (state !== null) return state;
    }
    return newPartitionState(partition, this.around.rules);
  }

  #read(partition: number): void {
    const seat = this.#seats[partition];
    if (!this.process.running || seat === undefined || seat.reading) return;
    seat.reading = true;
    const { random, engine } = this.around;
    const lagMs = Math.max(random.between(5, 80), this.zombieUntilAt - engine.nowAt);
    this.process.later(lagMs, () => {
      seat.reading = false;
      this.#foldSome(partition, seat);
    });
  }

  #foldSome(partition: number, seat: Seat): void {
    const { log } = this.around;
    if (!log.isUp(partition)) {
      this.process.later(this.around.pace.retryMs / 10, () => this.#read(partition));
      return;
    }
    const beats = log.partitions[partition]?.beats ?? [];
    const { state } = seat;
    const untilOffset = Math.min(beats.length, state.nextOffset + AT_ONCE);
    while (state.nextOffset < untilOffset) {
      const beat = beats[state.nextOffset];
      if (beat === undefined) break;
      const clockAt = state.clockAt;
      const { verdicts } = fold(state, state.nextOffset, beat);
      if (state.clockAt < clockAt) {
        this.#odd('I8', `the clock of partition ${partition} went back at offset ${state.nextOffset - 1}`);
      }
      for (const verdict of verdicts) seat.pending.push(verdict);
    }
    this.#write(partition, seat);
    this.#maybeSnapshot(partition, seat);
    if (state.nextOffset < beats.length) this.#read(partition);
  }

  #write(partition: number, seat: Seat): void {
    if (seat.writing || seat.pending.length === 0) return;
    const { log, tailSuppressed, truth } = this.around;
    const outAlready = tailSuppressed ? log.tailOf(partition) : 0;
    seat.pending = seat.pending.filter(({ oseq }) => oseq > outAlready);
    const batch = seat.pending.slice(0, AT_ONCE);
    const [first] = batch;
    if (first === undefined) return;
    if (first.oseq <= seat.tailAtStart) {
      this.#odd(
        'I5',
        `${this.name} wrote verdict ${first.oseq} again; ${seat.tailAtStart} was out at its start`,
      );
    }
    seat.writing = true;
    const done = this.process.guarded((ok: boolean) => {
      seat.writing = false;
      if (ok) seat.pending.splice(0, batch.length);
      if (ok) this.#write(partition, seat);
      else this.process.later(this.around.pace.retryMs / 10, () => this.#write(partition, seat));
    });
    log.appendVerdicts(partition, batch, done);
    void truth;
  }

  #maybeSnapshot(partition: number, seat: Seat): void {
    const { engine, pace, random, snapshots, tornShare, lostShare } = this.around;
    if (engine.nowAt < seat.snapshotDueAt) return;
    seat.snapshotDueAt = engine.nowAt + pace.snapshotMs + random.between(0, pace.snapshotMs);
    const pieces = piecesOf(seat.state);
    const stored = snapshots.begin(partition, seat.state.nextOffset);
    // Torn: some of its pieces never arrive. A crash between two pieces does the same.
    const written = random.chance(tornShare) ? random.between(0, pieces.length - 1) : pieces.length;
    const write = (index: number): void => {
      const piece = pieces[index];
      if (piece === undefined || index >= written) {
        if (random.chance(lostShare)) snapshots.lose(partition, stored);
        return;
      }
      stored.pieces.push(piece);
      this.process.later(random.between(1, 50), () => write(index + 1));
    };
    write(0);
  }

  #look(): void {
    this.process.later(this.around.pace.lookMs, () => {
      for (const { state } of this.#seats) this.#janitor.look(state);
      this.#look();
    });
  }

  #odd(invariant: string, what: string): void {
    this.around.truth.oddities.push({ invariant, what });
  }
}
