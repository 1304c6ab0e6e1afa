import { randomUUID } from 'node:crypto';
import type { EventLog, Following, NewRecord, TopicSpec } from '../event-log.ts';
import { Happenings } from './happenings.contract.ts';
import { Reader, type ReaderHooks } from './reader.contract.ts';

/** What an adapter's spec provides so that the contract can be run against it. */
export interface LogHarness {
  /** A new adapter instance on the same store, not opened: as far as the port can tell, another process. */
  create(topics: readonly TopicSpec[]): EventLog;
  /** Takes the store away from one instance for good, as if its process had died. */
  sever(log: EventLog): void;
  stop(): Promise<void>;
}

/** One test's view of a store: its own topics and groups, and logs that are closed at its end. */
export class Stage {
  readonly happenings = new Happenings();
  readonly #logs = new Set<EventLog>();
  readonly #suffix = randomUUID().slice(0, 8);

  constructor(readonly harness: LogHarness) {}

  name(word: string): string {
    return `${word}.${this.#suffix}`;
  }

  timeTopic(partitions: number, word = 'beats'): TopicSpec {
    return { name: this.name(word), partitions, policy: { kind: 'time', retentionMs: null } };
  }

  compactedTopic(partitions: number, word = 'definitions'): TopicSpec {
    return { name: this.name(word), partitions, policy: { kind: 'compacted' } };
  }

  async open(...topics: TopicSpec[]): Promise<EventLog> {
    const log = this.harness.create(topics);
    this.#logs.add(log);
    await log.open();
    return log;
  }

  reader(hooks?: ReaderHooks): Reader {
    return new Reader(this.happenings, hooks);
  }

  async until(condition: () => boolean): Promise<void> {
    await this.happenings.until(condition);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#logs].map(async (log) => await log.close()));
  }
}

/** Records with the values `name-0`, `name-1` and so on; the key is the name. */
export function numbered(name: string, count: number, from = 0): NewRecord[] {
  return Array.from({ length: count }, (_, index) => ({ key: name, value: `"${name}-${from + index}"` }));
}

/** The values of such records, from one number up to another. */
export function quoted(name: string, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `"${name}-${from + index}"`);
}

/** Every partition that somebody of these owns, in order; twice when two own it. */
export function ownedBy(...followings: Following[]): number[] {
  return followings.flatMap((following) => [...following.owned()]).sort((left, right) => left - right);
}
