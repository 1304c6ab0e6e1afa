import { silentFor, type Silence } from '../../apps/evaluator/src/janitor/silence.ts';
import type { CheckDefinition } from '../../libs/domain/src/check/definition.ts';
import { fold } from '../../libs/domain/src/check/fold.ts';
import { newPartitionState } from '../../libs/domain/src/check/partition-state.ts';
import { IngestModel } from './ingest-model.ts';
import { Random } from './random.ts';
import { Truth } from './truth.ts';

/** Where every world begins, and for how long it goes on. */
const START_AT = 1_800_000_000_000;
const LENGTH_MS = 12 * 60_000;
const STEP_MS = 50;
const FLUSH_MS = 500;
const CHECKS = 24;
const LEASE_MS = 10_000;
/** A client that gets no answer tries again so often, a second apart. */
const TRIES = 15;

/** A job that pings once a period, now and then not at all. */
interface Job {
  readonly check: number;
  readonly periodMs: number;
  readonly graceMs: number;
  nextAt: number;
}

/** A ping on its way: until it is answered, its client tries again. */
interface Attempt {
  readonly check: number;
  triesLeft: number;
  nextTryAt: number;
  answered: boolean;
}

/** Which faults a world has; each seed chooses, so that some worlds are calm in one way and wild in another. */
interface Faults {
  readonly blocks: number;
  readonly longestBlockMs: number;
  readonly crashes: number;
  readonly outages: number;
  readonly repeats: number;
}

/** A world that ran: its log, and the truth about it. */
export interface RanWorld {
  readonly seed: number;
  readonly truth: Truth;
  readonly jobs: readonly { readonly check: number; readonly periodMs: number; readonly graceMs: number }[];
  readonly endAt: number;
}

/** Several ingests of one partition, jobs that ping them, a janitor, and faults; all of it a function of the seed. */
export class World {
  readonly #random: Random;
  readonly #truth = new Truth();
  readonly #ingests: IngestModel[];
  readonly #jobs: Job[];
  readonly #faults: Faults;
  readonly #attempts = new Set<Attempt>();
  readonly #restarts = new Map<IngestModel, number>();
  /** The evaluator's own view, which the janitor looks at. */
  readonly #state = newPartitionState(0);
  #folded = 0;
  #silences: ReadonlyMap<string, Silence> = new Map();
  #outageUntilAt = 0;
  #expiries = 0;

  constructor(readonly seed: number) {
    this.#random = new Random(seed);
    const random = this.#random;
    const count = random.between(1, 4);
    this.#ingests = Array.from(
      { length: count },
      (_, index) => new IngestModel(`ingest-${index}`, this.#truth),
    );
    this.#jobs = Array.from({ length: CHECKS }, (_, check) => ({
      check,
      periodMs: random.between(20, 120) * 1_000,
      graceMs: random.between(3, 20) * 1_000,
      nextAt: START_AT + random.between(0, 30_000),
    }));
    this.#faults = {
      blocks: random.chance(0.7) ? 0.004 : 0,
      longestBlockMs: random.chance(0.3) ? 40_000 : 4_000,
      crashes: random.chance(0.5) ? 0.0004 : 0,
      outages: random.chance(0.3) ? 0.0006 : 0,
      repeats: random.chance(0.5) ? 0.05 : 0,
    };
  }

  run(): RanWorld {
    for (const job of this.#jobs) this.#configure(job);
    for (const ingest of this.#ingests) ingest.start(START_AT);
    const endAt = START_AT + LENGTH_MS;
    for (let nowAt = START_AT; nowAt <= endAt; nowAt += STEP_MS) {
      this.#breakSomething(nowAt);
      this.#pings(nowAt);
      this.#flush(nowAt);
      if (nowAt % 1_000 === 0) this.#clean(nowAt);
    }
    return { seed: this.seed, truth: this.#truth, jobs: this.#jobs, endAt };
  }

  #configure({ check, periodMs, graceMs }: Job): void {
    const definition: CheckDefinition = {
      checkId: this.#truth.idOf(check),
      projectId: 'project',
      pingKey: '0'.repeat(32),
      configVersion: 1,
      name: `Check ${check}`,
      slug: '',
      tags: [],
      schedule: { kind: 'interval', periodMs },
      graceMs,
      maxRuntimeMs: null,
      missedThreshold: 1,
      failedThreshold: 1,
      recoveryThreshold: 1,
      methods: 'any',
      manualResume: false,
    };
    this.#truth.log.push({
      v: 1,
      type: 'check.configured',
      producer: 'api',
      epoch: 1,
      pseq: check + 1,
      definition,
    });
  }

  #breakSomething(nowAt: number): void {
    const random = this.#random;
    if (random.chance(this.#faults.outages)) this.#outageUntilAt = nowAt + random.between(1_000, 40_000);
    for (const ingest of this.#ingests) {
      if (ingest.alive && random.chance(this.#faults.blocks)) {
        ingest.blockedUntilAt = nowAt + random.between(200, this.#faults.longestBlockMs);
      }
      if (ingest.alive && random.chance(this.#faults.crashes)) {
        if (random.chance(0.3) && this.#reaches(ingest, nowAt)) ingest.leave(nowAt);
        else ingest.crash();
        this.#restarts.set(ingest, nowAt + random.between(500, 90_000));
      }
      if (
        !ingest.alive &&
        nowAt >= (this.#restarts.get(ingest) ?? Infinity) &&
        nowAt >= this.#outageUntilAt
      ) {
        ingest.blockedUntilAt = 0;
        ingest.start(nowAt);
      }
    }
  }

  #reaches(ingest: IngestModel, nowAt: number): boolean {
    return nowAt >= this.#outageUntilAt && nowAt >= ingest.blockedUntilAt;
  }

  #pings(nowAt: number): void {
    for (const job of this.#jobs) {
      if (nowAt < job.nextAt) continue;
      job.nextAt += job.periodMs;
      // Some jobs do not run, some run late, and some so late that nobody can say which slot they meant.
      if (this.#random.chance(0.04)) continue;
      const delayMs = this.#random.chance(0.05)
        ? this.#random.between(0, job.periodMs)
        : this.#random.between(0, Math.floor(job.graceMs / 2));
      this.#attempts.add({ check: job.check, triesLeft: TRIES, nextTryAt: nowAt + delayMs, answered: false });
    }
    for (const attempt of this.#attempts) this.#try(attempt, nowAt);
  }

  /** A client asks any ingest that is up; one that crashed before it answered is asked no more. */
  #try(attempt: Attempt, nowAt: number): void {
    if (nowAt < attempt.nextTryAt) return;
    if (attempt.answered || attempt.triesLeft === 0) {
      this.#attempts.delete(attempt);
      return;
    }
    attempt.triesLeft -= 1;
    const ingest = this.#random.oneOf(this.#ingests.filter(({ alive }) => alive));
    attempt.nextTryAt = nowAt + (ingest === undefined ? 1_000 : 10_000);
    ingest?.take(attempt.check, nowAt, () => (attempt.answered = true));
  }

  #flush(nowAt: number): void {
    if (nowAt < this.#outageUntilAt) return;
    for (const [index, ingest] of this.#ingests.entries()) {
      const phase = (index * 130) % FLUSH_MS;
      if ((nowAt - phase) % FLUSH_MS < STEP_MS)
        ingest.flush(nowAt, this.#random.chance(this.#faults.repeats));
    }
  }

  /** The janitor reads the log to its end and expires who is silent; an outage convicts nobody. */
  #clean(nowAt: number): void {
    if (nowAt < this.#outageUntilAt) {
      this.#silences = new Map();
      return;
    }
    const { log } = this.#truth;
    for (; this.#folded < log.length; this.#folded += 1) {
      const beat = log[this.#folded];
      if (beat !== undefined) fold(this.#state, this.#folded, beat);
    }
    this.#silences = silentFor(this.#state, this.#silences, nowAt, 2_000);
    for (const [producer, { epoch, silentMs, watermarkAt }] of this.#silences) {
      if (silentMs < LEASE_MS) continue;
      this.#expiries += 1;
      this.#truth.expired(producer, epoch, watermarkAt, nowAt);
      const numbers = { producer: 'janitor', epoch: this.#expiries, pseq: 1 };
      log.push({ v: 1, type: 'ingest.expired', ...numbers, expired: { producer, epoch }, leaseMs: LEASE_MS });
    }
  }
}
