import {
  compileSchedule,
  nextSlotAfter,
  type CompiledSchedule,
} from '../../../libs/domain/src/schedule/schedule.ts';
import { slotFrom } from '../oracle/slots.ts';
import type { CheckPlan } from '../plan/check-plan.ts';
import type { Random } from '../random.ts';
import type { Ingest } from './ingest.ts';
import type { Signal } from './lane.ts';
import type { Engine } from '../engine.ts';
import type { Truth } from '../truth.ts';

/** A client that gets no answer tries again so often. */
const TRIES = 15;
const TIMEOUT_MS = 10_000;
const PAUSE_MS = 1_000;

/** What a client lives in. */
export interface ClientSurroundings {
  readonly engine: Engine;
  readonly random: Random;
  readonly ingests: readonly Ingest[];
  readonly truth: Truth;
  /** Until then no client reaches us, whoever it asks: the network before the ingests is down. */
  readonly cutOff: { untilAt: number };
  readonly endAt: number;
}

interface Attempt {
  readonly signal: Signal;
  readonly triedAt: number;
  /** It is sent at the last moment: a second try would come too late. */
  readonly isUrgent: boolean;
  triesLeft: number;
  brokenAt: number | null;
  brokenBy: string | null;
  settled: boolean;
}

/** One job: runs by its own idea of its schedule, with its habits, and pings until it is answered. */
export class Client {
  #schedule: CompiledSchedule;
  #runs = 0;
  #silentUntilAt = 0;
  #lastStampAt = 0;
  removed = false;

  constructor(
    readonly plan: CheckPlan,
    private readonly around: ClientSurroundings,
  ) {
    const compiled = compileSchedule(plan.definition.schedule);
    if (!compiled.ok) throw new Error(compiled.problem);
    this.#schedule = compiled.compiled;
  }

  /** From here on the job keeps another schedule. */
  reschedule(plan: CheckPlan['definition']): void {
    const compiled = compileSchedule(plan.schedule);
    if (compiled.ok) this.#schedule = compiled.compiled;
  }

  start(): void {
    const { engine } = this.around;
    engine.after(this.plan.firstPingAfterMs, () => {
      this.#send('success', null);
      this.#planNext(engine.nowAt);
    });
  }

  #planNext(slotAt: number): void {
    const { engine, endAt } = this.around;
    const nextAt = slotFrom(this.#schedule, slotAt);
    if (nextAt === null || nextAt > endAt) return;
    engine.at(nextAt, () => {
      if (this.removed) return;
      this.#runOnce(nextAt);
      this.#planNext(nextAt);
    });
  }

  #runOnce(slotAt: number): void {
    const { random, engine } = this.around;
    const { habits, definition } = this.plan;
    if (slotAt < this.#silentUntilAt || random.chance(habits.skips)) return;
    if (random.chance(habits.vanishes)) {
      const next = nextSlotAfter(this.#schedule, slotAt) ?? slotAt;
      this.#silentUntilAt = slotAt + (next - slotAt) * random.between(2, 6);
      return;
    }
    const kind = random.chance(habits.fails) ? 'fail' : 'success';
    if (this.#isExact() && random.chance(habits.exact)) {
      const earlyMs = random.chance(0.5) ? random.between(-1, 1) : random.between(100, 900);
      engine.at(this.#deadlineAfter(slotAt) - earlyMs, () => this.#send(kind, null, 0));
      return;
    }
    const delayMs = random.chance(habits.strays)
      ? random.between(0, (nextSlotAfter(this.#schedule, slotAt) ?? slotAt) - slotAt)
      : random.between(0, Math.floor(definition.graceMs / 2));
    engine.after(delayMs, () => this.#run(kind));
  }

  #deadlineAfter(slotAt: number): number {
    const { schedule, graceMs } = this.plan.definition;
    return (schedule.kind === 'interval' ? this.#lastStampAt + schedule.periodMs : slotAt) + graceMs;
  }

  #isExact(): boolean {
    return this.plan.habits.exact > 0 && this.plan.habits.runMs === null;
  }

  #run(kind: Signal['kind']): void {
    const { random, engine } = this.around;
    const { runMs, neverEnds } = this.plan.habits;
    this.#runs += 1;
    if (runMs === null) {
      this.#send(kind, null);
      return;
    }
    const rid = random.chance(0.8) ? `run-${this.#runs}` : null;
    this.#send('start', rid);
    if (random.chance(neverEnds)) return;
    // Some take longer than they may.
    const lengthMs = random.chance(0.1) ? runMs * random.between(2, 4) : random.between(1, runMs);
    engine.after(lengthMs, () => this.#send(kind, rid));
  }

  #send(kind: Signal['kind'], rid: string | null, latencyMs?: number): void {
    const { engine, random } = this.around;
    const exitStatus = kind === 'fail' && random.chance(0.5) ? random.between(1, 255) : null;
    const attempt: Attempt = {
      signal: { checkId: this.plan.definition.checkId, kind, rid, exitStatus },
      triedAt: engine.nowAt,
      isUrgent: latencyMs === 0,
      triesLeft: TRIES,
      brokenAt: null,
      brokenBy: null,
      settled: false,
    };
    if (latencyMs === 0) this.#try(attempt);
    else engine.after(random.between(1, 40), () => this.#try(attempt));
  }

  #try(attempt: Attempt): void {
    const { engine, random, ingests, cutOff } = this.around;
    if (attempt.settled || attempt.triesLeft === 0 || this.removed) return;
    attempt.triesLeft -= 1;
    const ingest = random.oneOf(ingests.filter(({ process, leaving }) => process.running && !leaving));
    if (ingest === undefined || engine.nowAt < cutOff.untilAt) {
      engine.after(PAUSE_MS, () => this.#try(attempt));
      return;
    }
    let over = false;
    const again = (ms: number): void => {
      if (over || attempt.settled) return;
      over = true;
      engine.after(ms, () => this.#try(attempt));
    };
    const broken = (): void => {
      attempt.brokenAt ??= engine.nowAt;
      attempt.brokenBy ??= ingest.name;
      again(PAUSE_MS);
    };
    if (attempt.isUrgent && ingest.doom !== null) {
      // It dies while the request is on its way, before anything of it is written.
      ingest.doom();
      broken();
      return;
    }
    const answered = (stampAt: number): void => this.#answered(attempt, stampAt);
    const arrive = ingest.process.guarded(() => ingest.take({ signal: attempt.signal, answered, broken }));
    arrive(undefined);
    engine.after(TIMEOUT_MS, () => again(0));
  }

  #answered(attempt: Attempt, stampAt: number): void {
    if (attempt.settled) return;
    attempt.settled = true;
    if (attempt.signal.kind !== 'start') this.#lastStampAt = Math.max(this.#lastStampAt, stampAt);
    const { brokenAt, brokenBy, triedAt, signal } = attempt;
    if (brokenAt === null || brokenBy === null || signal.kind === 'start') return;
    const { checkId } = signal;
    this.around.truth.persistences.push({ checkId, triedAt, brokenAt, stampAt, producer: brokenBy });
  }
}
