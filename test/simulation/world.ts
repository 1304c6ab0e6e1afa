import { silentFor, type Silence } from '../../apps/evaluator/src/janitor/silence.ts';
import type { CheckDefinition } from '../../libs/domain/src/check/definition.ts';
import { fold } from '../../libs/domain/src/check/fold.ts';
import { newPartitionState } from '../../libs/domain/src/check/partition-state.ts';
import { IngestModel } from './ingest-model.ts';
import { Random } from './random.ts';
import { Truth } from './truth.ts';

/** Where every world begins, and for how long it goes on. */
const START_AT = 1_800_000_000_000;
const LENGTH_MS = 10 * 60_000;
/** In the end nothing breaks any more and everybody is heard, so that nothing stays undecided. */
const HEALING_MS = 30_000;
const STEP_MS = 100;
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
  readonly triedAt: number;
  triesLeft: number;
  /** The ingest that has it, while it waits for an answer. */
  with: IngestModel | null;
  /** It was stuck with an ingest that the log no longer counted. */
  stuck: boolean;
  nextTryAt: number;
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
      ...(random.oneOf([
        { blocks: 0, longestBlockMs: 0 },
        { blocks: 0.008, longestBlockMs: 8_000 },
        { blocks: 0.001, longestBlockMs: 40_000 },
      ]) ?? { blocks: 0, longestBlockMs: 0 }),
      crashes: random.chance(0.5) ? 0.0006 : 0,
      outages: random.chance(0.3) ? 0.001 : 0,
      repeats: random.chance(0.5) ? 0.05 : 0,
    };
  }

  run(): RanWorld {
    for (const job of this.#jobs) this.#configure(job);
    for (const ingest of this.#ingests) ingest.start(START_AT);
    const endAt = START_AT + LENGTH_MS;
    for (let nowAt = START_AT; nowAt <= endAt + HEALING_MS; nowAt += STEP_MS) {
      if (nowAt < endAt) {
        this.#breakSomething(nowAt);
        this.#run(nowAt);
        this.#ping(nowAt);
      } else this.#heal(nowAt);
      this.#flush(nowAt);
      const undecidable = nowAt < this.#outageUntilAt || this.#truth.members === 0;
      if (undecidable) this.#truth.undecidable.push(nowAt);
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
    this.#truth.append(START_AT, {
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
        else ingest.crash(nowAt);
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

  #heal(nowAt: number): void {
    this.#outageUntilAt = 0;
    for (const ingest of this.#ingests) {
      ingest.blockedUntilAt = 0;
      if (!ingest.alive) ingest.start(nowAt);
    }
  }

  #reaches(ingest: IngestModel, nowAt: number): boolean {
    return nowAt >= this.#outageUntilAt && nowAt >= ingest.blockedUntilAt;
  }

  #run(nowAt: number): void {
    for (const job of this.#jobs) {
      if (nowAt < job.nextAt) continue;
      job.nextAt += job.periodMs;
      // Some jobs do not run, some run late, and some so late that nobody can say which slot they meant.
      if (this.#random.chance(0.04)) continue;
      const delayMs = this.#random.chance(0.05)
        ? this.#random.between(0, job.periodMs)
        : this.#random.between(0, Math.floor(job.graceMs / 2));
      this.#attempts.add({
        check: job.check,
        triesLeft: TRIES,
        with: null,
        stuck: false,
        triedAt: nowAt + delayMs,
        nextTryAt: nowAt + delayMs,
      });
    }
  }

  /** A client asks any ingest that is up, and again when it gets no answer. */
  #ping(nowAt: number): void {
    for (const attempt of this.#attempts) {
      if (nowAt < attempt.nextTryAt) continue;
      if (attempt.with !== null && !this.#truth.isMember(attempt.with.name)) attempt.stuck = true;
      const ingest = this.#random.oneOf(this.#ingests.filter(({ alive }) => alive));
      attempt.with = ingest ?? null;
      attempt.triesLeft -= 1;
      attempt.nextTryAt = nowAt + (ingest === undefined ? 1_000 : 10_000);
      const { check, triedAt } = attempt;
      ingest?.take({
        check,
        stampAt: nowAt,
        answered: (stampAt) => {
          const first = this.#attempts.delete(attempt);
          if (first && !attempt.stuck) this.#truth.persistences.push({ check, triedAt, stampAt });
        },
        broken: (brokenAt, wasMember) => {
          attempt.nextTryAt = brokenAt + 1_000;
          attempt.with = null;
          if (!wasMember) attempt.stuck = true;
        },
      });
      if (attempt.triesLeft === 0) this.#attempts.delete(attempt);
    }
  }

  #flush(nowAt: number): void {
    if (nowAt < this.#outageUntilAt) return;
    for (const [index, ingest] of this.#ingests.entries()) {
      const phase = (index * STEP_MS) % FLUSH_MS;
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
      this.#truth.expired(producer, epoch, watermarkAt);
      const numbers = { producer: 'janitor', epoch: this.#expiries, pseq: 1 };
      this.#truth.append(nowAt, {
        v: 1,
        type: 'ingest.expired',
        ...numbers,
        expired: { producer, epoch },
        leaseMs: LEASE_MS,
      });
    }
  }
}
