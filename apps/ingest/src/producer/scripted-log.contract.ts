import { fold, newPartitionState, type Beat, type CheckDefinition, type Verdict } from '#domain';
import {
  BEATS,
  MemoryEventLog,
  MemoryStore,
  decodeBeat,
  holterTopics,
  type EventLog,
  type Following,
  type NewRecord,
  type TopicSpec,
} from '#event-log';
import type { Clock } from '#platform';

/** How an append ends: taken, refused, or taken with the answer lost on its way back. */
export type Ending = 'taken' | 'refused' | 'lost';

/** A log of one partition in memory whose answers a test decides. */
export class ScriptedLog implements EventLog {
  readonly kind = 'memory';
  readonly topics: readonly TopicSpec[] = holterTopics(1);
  /** Every attempt to append, refused ones too, as the lines that were to be written. */
  readonly attempts: string[][] = [];
  inFlightMax = 0;
  #inFlight = 0;
  #ending: Ending = 'taken';
  #holding: { promise: Promise<void>; release: () => void } | null = null;
  #waiting: (() => void)[] = [];
  readonly #store = new MemoryStore();
  readonly #inner: MemoryEventLog;

  constructor(clock: Clock) {
    this.#inner = new MemoryEventLog({ topics: this.topics, clock, store: this.#store });
  }

  async open(): Promise<void> {
    await this.#inner.open();
  }

  async append(topic: string, partition: number, records: readonly NewRecord[]): Promise<number> {
    const ending = this.#ending;
    this.attempts.push(records.map(({ value }) => value ?? ''));
    this.#inFlight += 1;
    this.inFlightMax = Math.max(this.inFlightMax, this.#inFlight);
    for (const wake of this.#waiting.splice(0)) wake();
    try {
      await this.#holding?.promise;
      if (ending === 'refused') throw new Error('The log is away.');
      const offset = await this.#inner.append(topic, partition, records);
      if (ending === 'lost') throw new Error('The answer was lost.');
      return offset;
    } finally {
      this.#inFlight -= 1;
    }
  }

  async endOffset(topic: string, partition: number): Promise<number> {
    return await this.#inner.endOffset(topic, partition);
  }

  async follow(): Promise<Following> {
    throw new Error('Nobody reads here.');
  }

  async close(): Promise<void> {
    await this.#inner.close();
  }

  /** Somebody else judges an ingest dead, whatever the log does to our appends. */
  async expire(producer: string, epoch: number): Promise<void> {
    const expired = { producer, epoch };
    const event = {
      v: 1,
      type: 'ingest.expired',
      producer: 'janitor',
      epoch: 1,
      pseq: 1,
      expired,
      leaseMs: 10_000,
    };
    await this.#inner.append(BEATS, 0, [{ key: producer, value: JSON.stringify(event) }]);
  }

  /** From now on, attempts end like this. */
  answer(ending: Ending): void {
    this.#ending = ending;
  }

  /** From now on, attempts get no answer before `release`. */
  hold(): void {
    let release = (): void => undefined;
    const promise = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#holding = { promise, release };
  }

  release(): void {
    this.#holding?.release();
    this.#holding = null;
  }

  /** Resolves once there were so many attempts. */
  async attempted(count: number): Promise<void> {
    while (this.attempts.length < count) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** What the log has, in its order. */
  beats(): Beat[] {
    return this.#store.partition(BEATS, 0).records.flatMap(({ value }) => {
      const decoded = value === null ? null : decodeBeat(value);
      return decoded?.ok ? [decoded.event] : [];
    });
  }

  /** The types of what the log has. */
  types(): string[] {
    return this.beats().map(({ type }) => type);
  }

  /** What a fold makes of the log, when `definition` was configured before everything else. */
  judged(definition: CheckDefinition): { verdicts: Verdict[]; clockAt: number; pings: number } {
    const state = newPartitionState(0);
    const configured: Beat = {
      v: 1,
      type: 'check.configured',
      producer: 'api',
      epoch: 1,
      pseq: 1,
      definition,
    };
    const verdicts = [configured, ...this.beats()].flatMap(
      (beat, offset) => fold(state, offset, beat).verdicts,
    );
    const pings = state.checks.get(definition.checkId)?.pingCount ?? 0;
    return { verdicts, clockAt: state.clockAt, pings };
  }
}
