import type { CheckDefinition } from '../../../libs/domain/src/check/definition.ts';
import type { PingReceived } from '../../../libs/domain/src/event/ping.ts';
import type { TransitionType } from '../../../libs/domain/src/event/transition.ts';
import { compileSchedule, type CompiledSchedule } from '../../../libs/domain/src/schedule/schedule.ts';
import { slotFrom, slotUntil } from './slots.ts';

/** What nobody set is a quarter of the gap between two slots, at most this. */
const EARLY_MAX_MS = 5 * 60_000;
/** Whoever is late by less, or by less than half of the grace, is not called late. */
export const JITTER_MS = 500;
/** The newest ends that the product remembers of a check. */
const ENDS_REMEMBERED = 4;

/** What must be said about a check. `optional`: only if it was down before, which cannot be known from here. */
export interface Expected {
  readonly type: TransitionType;
  readonly at: number;
  /** Null: cannot be known. */
  readonly statusAfter: 'up' | 'down' | null;
  readonly optional: boolean;
}

interface Run {
  readonly rid: string | null;
  readonly startedAt: number;
  readonly hungAt: number;
  readonly hung: boolean;
}

/**
 * One check, naively: what must be said of it from one report on, while nothing disturbs it. What cannot be known at
 * the beginning (whether it was down, how often it had failed) is null until it can.
 */
export class NaiveCheck {
  readonly expected: Expected[] = [];
  readonly #schedule: CompiledSchedule;
  #expectedAt: number | null = null;
  #lateToldFor: number | null = null;
  #runs: Run[] = [];
  #status: 'up' | 'down' | null = null;
  #missed = 0;
  #failed: number | null = null;
  /** Successes in a row that were seen from here; `#successesAreAll`: none came before them. */
  #successes = 0;
  #successesAreAll = false;

  readonly #ended: string[] = [];

  constructor(
    private readonly definition: CheckDefinition,
    zoneVersion: string,
  ) {
    const compiled = compileSchedule(definition.schedule, zoneVersion);
    if (!compiled.ok) throw new Error(compiled.problem);
    this.#schedule = compiled.compiled;
  }

  /** The report with which certainty begins; what it leads to itself is not known. */
  begin(ping: PingReceived): void {
    this.#report(ping);
    this.expected.length = 0;
  }

  /** An end from before the beginning: a client may send it again. */
  remember({ rid, kind }: PingReceived): void {
    if (rid === null) return;
    this.#ended.push(`${kind} ${rid}`);
    this.#ended.splice(0, this.#ended.length - ENDS_REMEMBERED);
  }

  ping(ping: PingReceived): void {
    this.pass(ping.receivedAt);
    if (ping.kind === 'start') this.#start(ping);
    else if (!this.#isRepeatedEnd(ping)) this.#report(ping);
  }

  /** A client that got no answer sends the end of its run again; that run is closed, and it counts once. */
  #isRepeatedEnd({ rid, kind }: PingReceived): boolean {
    if (rid === null || this.#runs.some((run) => run.rid === rid)) return false;
    return this.#ended.includes(`${kind} ${rid}`);
  }

  /** Everything that is due before an instant. */
  pass(untilAt: number): void {
    for (;;) {
      const at = this.#nextDueAt();
      if (at >= untilAt) return;
      this.#due(at);
    }
  }

  get #deadlineAt(): number | null {
    return this.#expectedAt === null ? null : this.#expectedAt + this.definition.graceMs;
  }

  /** A job that comes a moment late is not called late. */
  get #lateToldAt(): number | null {
    const { graceMs } = this.definition;
    return this.#expectedAt === null ? null : this.#expectedAt + Math.min(JITTER_MS, graceMs / 2);
  }

  #nextDueAt(): number {
    const due = this.#runs.filter(({ hung }) => !hung).map(({ hungAt }) => hungAt);
    due.push(this.#deadlineAt ?? Infinity);
    if (this.#lateIsToTell()) due.push(this.#lateToldAt ?? Infinity);
    return Math.min(...due);
  }

  #lateIsToTell(): boolean {
    if (this.#expectedAt === null || this.#lateToldFor === this.#expectedAt) return false;
    return this.definition.graceMs > 0 && this.#status !== 'down';
  }

  #due(at: number): void {
    for (const run of this.#runs.filter(({ hung, hungAt }) => !hung && hungAt <= at)) {
      this.#runs = this.#runs.map((open) => (open === run ? { ...run, hung: true } : open));
      this.#status = 'down';
      this.#endStreak();
      this.#say('check.hung', run.hungAt);
    }
    if (this.#expectedAt === null || this.#expectedAt > at) return;
    if (this.#lateIsToTell() && (this.#lateToldAt ?? Infinity) <= at) {
      this.#lateToldFor = this.#expectedAt;
      this.#say('check.late', this.#expectedAt, this.#status === null);
    }
    const { definition } = this;
    const deadlineAt = this.#expectedAt + definition.graceMs;
    if (deadlineAt > at) return;
    this.#missed += 1;
    this.#endStreak();
    if (this.#missed >= definition.missedThreshold) this.#status = 'down';
    this.#say('check.missed', deadlineAt);
    this.#expectedAt = slotFrom(this.#schedule, this.#expectedAt);
  }

  #start({ rid, receivedAt }: PingReceived): void {
    const { maxRuntimeMs, graceMs, watchedRuns } = this.definition;
    const others = watchedRuns === 'newest' ? [] : this.#runs.filter((run) => run.rid !== rid);
    const hungAt = receivedAt + (maxRuntimeMs ?? graceMs);
    this.#runs = [...others, { rid, startedAt: receivedAt, hungAt, hung: false }];
  }

  #report(ping: PingReceived): void {
    this.#runs = this.#runs.filter(({ rid }) => ping.rid !== null && rid !== ping.rid);
    this.remember(ping);
    if (ping.kind === 'fail' && this.definition.watchedRuns === 'newest') this.#runs = [];
    if (ping.kind === 'fail') this.#fail(ping.receivedAt);
    else this.#succeed(ping.receivedAt);
    this.#missed = 0;
    const nextAt = slotAfterReport(this.definition, this.#schedule, ping.receivedAt);
    if (nextAt === null || this.#expectedAt === null || nextAt > this.#expectedAt) this.#expectedAt = nextAt;
  }

  #fail(at: number): void {
    const { failedThreshold } = this.definition;
    if (this.#failed !== null) this.#failed += 1;
    this.#endStreak();
    if (failedThreshold === 1 || (this.#failed ?? 0) >= failedThreshold) this.#status = 'down';
    else if (this.#failed === null && this.#status === 'up') this.#status = null;
    this.#say('check.failed', at);
  }

  #succeed(at: number): void {
    this.#successes += 1;
    this.#failed = 0;
    const enough = this.#successes >= this.definition.recoveryThreshold;
    if (this.#status === 'down' && enough) this.#say('check.recovered', at, false, 'up');
    else if (this.#status === 'down' && !this.#successesAreAll) this.#status = null;
    if (this.#status === null) this.#say('check.recovered', at, true, 'up');
    if (enough) this.#status = 'up';
  }

  #endStreak(): void {
    this.#successes = 0;
    this.#successesAreAll = true;
  }

  #say(type: TransitionType, at: number, optional = false, statusAfter = this.#status): void {
    this.expected.push({ type, at, statusAfter, optional });
  }
}

/** What a report leaves to be expected: a little before a slot it is for that slot already. */
export function slotAfterReport(
  { earlyToleranceMs }: CheckDefinition,
  schedule: CompiledSchedule,
  at: number,
): number | null {
  const nextAt = slotFrom(schedule, at);
  if (nextAt === null || schedule.kind === 'interval' || earlyToleranceMs === 0) return nextAt;
  const gapMs = nextAt - (slotUntil(schedule, at) ?? -Infinity);
  const toleranceMs = earlyToleranceMs ?? Math.min(EARLY_MAX_MS, Math.floor(gapMs / 4));
  return nextAt - at <= toleranceMs ? slotFrom(schedule, nextAt) : nextAt;
}
