import type { Beat } from '../event/event.ts';
import type { PingKind, PingReceived } from '../event/ping.ts';
import type { CheckTransition, Verdict } from '../event/transition.ts';
import type { CheckRow } from './check-row.ts';
import { HEALTHCHECKS_RULES, type CheckDefinition } from './definition.ts';
import type { Effect } from './fold-step.ts';
import { fold } from './fold.ts';
import { newPartitionState } from './partition-state.ts';

// Given/when/then for the fold: a partition's log written as a story of one day, with times as people say them.

/** The day of every timeline: 2 March 2026, in UTC. */
const DAY_AT = Date.UTC(2026, 2, 2);

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** The check that a timeline speaks of when it names none. */
export const CHECK = '00000000-0000-4000-8000-000000000001';
export const OTHER_CHECK = '00000000-0000-4000-8000-000000000002';

/** An instant of the day, for example `12:00:05.250`; a full ISO text means another day. */
export function instant(time: string): number {
  if (time.includes('T')) return Date.parse(time);
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return DAY_AT + hours * HOUR + minutes * MINUTE + Math.round(seconds * SECOND);
}

/** The time of day of an instant, as `instant` reads it. */
export function timeOf(at: number): string {
  const text = new Date(at).toISOString();
  const time = text.slice(11, 23).replace(/\.000$/, '');
  return at >= DAY_AT && at < DAY_AT + 24 * HOUR ? time : `${text.slice(0, 10)}T${time}`;
}

/** A check with a period of a minute and ten seconds of grace, and what a test wants otherwise. */
export function definition(over: Partial<CheckDefinition> = {}): CheckDefinition {
  return {
    checkId: CHECK,
    projectId: 'project-1',
    pingKey: '0123456789abcdef0123456789abcdef',
    configVersion: 1,
    name: 'Backup',
    slug: 'backup',
    tags: [],
    schedule: { kind: 'interval', periodMs: MINUTE },
    graceMs: 10 * SECOND,
    ...HEALTHCHECKS_RULES,
    ...over,
  };
}

export interface PingFacts {
  readonly via?: string;
  readonly checkId?: string;
  readonly kind?: PingKind;
  readonly exitStatus?: number;
  readonly rid?: string;
  readonly method?: string;
  readonly from?: string;
  readonly text?: string;
  readonly metrics?: Readonly<Record<string, number>>;
}

interface Writer {
  epoch: number;
  pseq: number;
}

/** The log of one partition as it grows, folded record by record. */
export class Timeline {
  readonly state = newPartitionState(0);
  readonly beats: Beat[] = [];
  readonly verdicts: Verdict[] = [];
  readonly effects: Effect[] = [];
  readonly #writers = new Map<string, Writer>();

  join(via: string, time: string): this {
    const writer = { epoch: (this.#writers.get(via)?.epoch ?? 0) + 1, pseq: 0 };
    this.#writers.set(via, writer);
    return this.record({ v: 1, type: 'ingest.joined', producer: via, ...writer, at: instant(time) });
  }

  watermark(via: string, time: string): this {
    const at = instant(time);
    return this.record({ v: 1, type: 'watermark', producer: via, ...this.#writer(via), at });
  }

  leave(via: string, time: string): this {
    const at = instant(time);
    return this.record({ v: 1, type: 'ingest.left', producer: via, ...this.#writer(via), at });
  }

  expire(via: string, epoch = this.#writer(via).epoch): this {
    const expired = { producer: via, epoch };
    const numbers = { producer: 'janitor', epoch: this.beats.length, pseq: 1 };
    return this.record({ v: 1, type: 'ingest.expired', ...numbers, expired, leaseMs: 10 * SECOND });
  }

  /** Every ingest that counts says that this time has passed. */
  passes(time: string): this {
    for (const via of this.state.joined.keys()) this.watermark(via, time);
    return this;
  }

  /** A ping, and then its ingest's watermark one millisecond after it, as every append ends. */
  ping(time: string, facts: PingFacts = {}): this {
    this.unclosedPing(time, facts);
    const via = facts.via ?? 'a';
    return this.record({
      v: 1,
      type: 'watermark',
      producer: via,
      ...this.#writer(via),
      at: instant(time) + 1,
    });
  }

  /** A ping alone: the clock does not learn of it yet. */
  unclosedPing(time: string, facts: PingFacts = {}): this {
    const { via = 'a', checkId = CHECK, kind = 'success', exitStatus = null, rid = null } = facts;
    const ping: PingReceived = {
      v: 1,
      type: 'ping.received',
      producer: via,
      ...this.#next(via),
      checkId,
      receivedAt: instant(time),
      kind,
      exitStatus,
      rid,
      dialect: 'healthchecks',
      method: facts.method ?? 'GET',
      scheme: 'http',
      remoteAddr: facts.from ?? null,
      userAgent: '',
      body: facts.text === undefined ? null : { text: facts.text },
      bodyTruncated: false,
      metrics: facts.metrics ?? null,
    };
    return this.record(ping);
  }

  configure(over: Partial<CheckDefinition> = {}): this {
    const event = { v: 1, type: 'check.configured', producer: 'api', ...this.#next('api') } as const;
    return this.record({ ...event, definition: definition(over) });
  }

  change(type: 'check.paused' | 'check.resumed' | 'check.removed', checkId = CHECK): this {
    return this.record({ v: 1, type, producer: 'api', ...this.#next('api'), checkId });
  }

  /** Any record; for what the other words cannot say. */
  record(beat: Beat): this {
    const step = fold(this.state, this.beats.length, beat);
    this.beats.push(beat);
    this.verdicts.push(...step.verdicts);
    this.effects.push(...step.effects);
    return this;
  }

  /** Every verdict so far as `<time> <type> <status after>`; a hole as `<from> coverage.hole <until>`. */
  told(): string[] {
    return this.verdicts.map((verdict) =>
      verdict.type === 'coverage.hole'
        ? `${timeOf(verdict.fromAt)} coverage.hole ${timeOf(verdict.untilAt)}`
        : `${timeOf(verdict.at)} ${verdict.type} ${verdict.statusAfter}`,
    );
  }

  /** The newest verdict on a check. */
  last(): CheckTransition {
    const newest = this.verdicts.findLast((verdict) => verdict.type !== 'coverage.hole');
    if (newest === undefined) throw new Error('Nothing was said of a check yet.');
    return newest;
  }

  check(checkId = CHECK): CheckRow {
    const found = this.state.checks.get(checkId);
    if (found === undefined) throw new Error(`There is no check ${checkId}.`);
    return found;
  }

  /** When the check is expected and when it is missed, as times of day. */
  expectation(checkId = CHECK): string | null {
    const { expectedAt, deadlineAt } = this.check(checkId);
    return expectedAt === null || deadlineAt === null ? null : `${timeOf(expectedAt)}–${timeOf(deadlineAt)}`;
  }

  dropped(): string[] {
    return this.effects.flatMap((effect) => (effect.kind === 'dropped' ? [effect.reason] : []));
  }

  #writer(via: string): Writer {
    const known = this.#writers.get(via) ?? { epoch: 1, pseq: 0 };
    this.#writers.set(via, known);
    return known;
  }

  #next(via: string): Writer {
    const writer = this.#writer(via);
    writer.pseq += 1;
    return { ...writer };
  }
}

/** One ingest listens since 11:00 and a check is configured. */
export function listening(over: Partial<CheckDefinition> = {}): Timeline {
  return new Timeline().join('a', '11:00').configure(over);
}
