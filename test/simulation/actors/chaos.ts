import type { Engine } from '../engine.ts';
import type { Pace } from '../pace.ts';
import type { Faults } from '../plan/faults.ts';
import type { Random } from '../random.ts';
import type { Evaluator } from './evaluator.ts';
import type { Ingest } from './ingest.ts';
import type { LogModel } from './log-model.ts';

/** What chaos may lay its hands on. */
export interface Stage {
  readonly engine: Engine;
  readonly random: Random;
  readonly faults: Faults;
  readonly pace: Pace;
  readonly log: LogModel;
  readonly ingests: readonly Ingest[];
  readonly evaluators: readonly Evaluator[];
  readonly cutOff: { untilAt: number };
  readonly endAt: number;
}

/** Breaks what the world's faults say, at times that the seed chooses, until the world is healed. */
export class Chaos {
  constructor(private readonly stage: Stage) {}

  start(): void {
    const { faults, ingests, evaluators, log, random, engine, endAt } = this.stage;
    log.lostAnswerShare = faults.lostAnswerShare;
    for (const { clock } of faults.skewed ? [...ingests, ...evaluators] : []) {
      clock.skew(random.between(-2_000, 2_000), random.chance(0.5) ? (random.next() - 0.5) * 0.002 : 0);
    }
    this.#every(faults.crashMs, () => this.#crash());
    this.#every(faults.leaveMs, () => this.#leave());
    this.#every(faults.stallMs, () => this.#stall());
    this.#every(faults.pauseMs, () => this.#pause());
    this.#every(faults.outageMs, () => this.#outage());
    this.#every(faults.partitionOutageMs, () =>
      this.#breakPartition(random.between(0, log.partitions.length - 1)),
    );
    this.#every(faults.evaluatorCrashMs, () => this.#crashEvaluator());
    this.#every(faults.evaluatorPauseMs, () => this.#pauseEvaluator());
    this.#every(faults.clockStepMs, () => {
      random.oneOf([...ingests, ...evaluators])?.clock.step(random.between(-1_500, 1_500));
    });
    if (!faults.massSilence) return;
    const fromAt = engine.nowAt + random.between(120_000, Math.max(120_000, (endAt - engine.nowAt) / 2));
    engine.at(fromAt, () => {
      this.stage.cutOff.untilAt = engine.nowAt + this.#length(60_000, 400_000);
    });
  }

  /** Everything works again. */
  heal(): void {
    const { log, ingests, evaluators, cutOff } = this.stage;
    log.heal();
    log.lostAnswerShare = 0;
    cutOff.untilAt = 0;
    for (const ingest of ingests) {
      ingest.doom = null;
      ingest.blockedUntilAt = 0;
      ingest.process.pausedUntilAt = 0;
      if (!ingest.process.running) ingest.start();
    }
    for (const evaluator of evaluators) {
      evaluator.process.pausedUntilAt = 0;
      evaluator.zombieUntilAt = 0;
      if (!evaluator.process.running) evaluator.start();
    }
  }

  /** Lengths of faults stretch with the pace, so that a sparse world notices them too. */
  #length(fromMs: number, untilMs: number): number {
    const { random, pace } = this.stage;
    const stretched = random.chance(0.5) ? pace.leaseMs / 10_000 : 1;
    return Math.floor(random.between(fromMs, untilMs) * stretched);
  }

  /** Nothing stands still after the end, when everything is to be healed. */
  #until(fromMs: number, untilMs: number): number {
    return Math.min(this.stage.endAt, this.stage.engine.nowAt + this.#length(fromMs, untilMs));
  }

  #every(meanMs: number | null, happen: () => void): void {
    if (meanMs === null) return;
    const { engine, random, endAt } = this.stage;
    const inMs = Math.floor(-Math.log(1 - random.next()) * meanMs) + 1;
    if (engine.nowAt + inMs >= endAt) return;
    engine.after(inMs, () => {
      happen();
      this.#every(meanMs, happen);
    });
  }

  #runningIngest(): Ingest | undefined {
    const { random, ingests } = this.stage;
    return random.oneOf(ingests.filter(({ process, leaving }) => process.running && !leaving));
  }

  #crash(): void {
    const { random, engine, pace } = this.stage;
    const ingest = this.#runningIngest();
    if (ingest === undefined) return;
    const crash = () => {
      ingest.doom = null;
      if (!ingest.process.running) return;
      ingest.crash();
      this.#restart(ingest);
    };
    // Some die with a ping in their hands that has no time to lose.
    if (random.chance(0.75)) ingest.doom = crash;
    else crash();
    engine.after(pace.leaseMs * 6, () => (ingest.doom === null ? undefined : crash()));
  }

  #leave(): void {
    const ingest = this.#runningIngest();
    ingest?.leave();
    if (ingest !== undefined) this.#restart(ingest);
  }

  #restart(ingest: Ingest): void {
    const { engine, random, endAt } = this.stage;
    const inMs = random.chance(0.3) ? random.between(200, 3_000) : this.#length(3_000, 90_000);
    engine.after(inMs, () => {
      if (engine.nowAt >= endAt) return;
      // One that could not say goodbye for so long is killed.
      if (ingest.process.running) ingest.crash();
      ingest.blockedUntilAt = 0;
      ingest.start();
    });
  }

  #stall(): void {
    const ingest = this.#runningIngest();
    if (ingest === undefined) return;
    ingest.blockedUntilAt = this.stage.engine.nowAt + this.#length(200, this.stage.faults.longestStallMs);
  }

  #pause(): void {
    const ingest = this.#runningIngest();
    if (ingest !== undefined) ingest.process.pausedUntilAt = this.#until(500, 40_000);
  }

  /** Long enough that whoever looks at the log notices. */
  #outage(): void {
    const untilAt = this.stage.engine.nowAt + this.#length(3_000, 60_000);
    for (const partition of this.stage.log.partitions.keys()) this.stage.log.breakDown(partition, untilAt);
  }

  #breakPartition(partition: number): void {
    this.stage.log.breakDown(partition, this.stage.engine.nowAt + this.#length(3_000, 60_000));
  }

  #crashEvaluator(): void {
    const { random, evaluators, engine, endAt } = this.stage;
    const evaluator = random.oneOf(evaluators.filter(({ process }) => process.running));
    if (evaluator === undefined) return;
    evaluator.crash();
    engine.after(this.#length(500, 60_000), () => {
      if (!evaluator.process.running && engine.nowAt < endAt) evaluator.start();
    });
  }

  #pauseEvaluator(): void {
    const { random, evaluators } = this.stage;
    const evaluator = random.oneOf(evaluators.filter(({ process }) => process.running));
    if (evaluator === undefined) return;
    const untilAt = this.#until(500, 60_000);
    // Either all of it stands still, or only its reading lags behind what its twin has long said.
    if (random.chance(0.5)) evaluator.process.pausedUntilAt = untilAt;
    else evaluator.zombieUntilAt = untilAt;
  }
}
