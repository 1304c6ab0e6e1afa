import { EventLogError, type LogRecord, type NewRecord, type TopicSpec } from '../event-log.ts';

interface Partition {
  records: LogRecord[];
  nextOffset: number;
  tailSupersedes: string | null;
}

interface Member {
  readonly topic: string;
  readonly group: string | null;
  readonly key: object;
  readonly changed: () => void;
}

/** What several in-memory logs share: the records, and who owns which partition. */
export class MemoryStore {
  readonly #specs = new Map<string, TopicSpec>();
  readonly #partitions = new Map<string, Partition>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #members = new Set<Member>();
  readonly #claims = new Map<string, object>();

  declare(spec: TopicSpec): TopicSpec {
    const present = this.#specs.get(spec.name);
    if (present !== undefined) return present;
    this.#specs.set(spec.name, spec);
    for (let partition = 0; partition < spec.partitions; partition += 1) {
      this.#partitions.set(`${spec.name}/${partition}`, { records: [], nextOffset: 0, tailSupersedes: null });
    }
    return spec;
  }

  partition(topic: string, partition: number): Partition {
    const found = this.#partitions.get(`${topic}/${partition}`);
    if (found === undefined) throw new EventLogError(`There is no partition ${partition} of topic ${topic}.`);
    return found;
  }

  append(topic: string, number: number, records: readonly NewRecord[]): number {
    const partition = this.partition(topic, number);
    const compacted = this.#specs.get(topic)?.policy.kind === 'compacted';
    const first = partition.nextOffset;
    const supersedes = records[0]?.supersedes;
    if (supersedes !== undefined && supersedes === partition.tailSupersedes) partition.records.pop();
    for (const { key, value } of records) {
      partition.records.push({ offset: partition.nextOffset, key, value });
      partition.nextOffset += 1;
    }
    if (compacted) partition.records = newestOfEachKey(partition.records);
    partition.tailSupersedes = records.at(-1)?.supersedes ?? null;
    for (const listener of this.#listeners.get(`${topic}/${number}`) ?? []) listener();
    return first;
  }

  onAppend(topic: string, partition: number, listener: () => void): () => void {
    const key = `${topic}/${partition}`;
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  join(topic: string, group: string | null, key: object, changed: () => void): () => void {
    const member = { topic, group, key, changed };
    this.#members.add(member);
    this.#tell(topic, group);
    return () => {
      this.#members.delete(member);
      this.#tell(topic, group);
    };
  }

  /** Every member takes every n-th partition, in the order of joining; without a group, all of them. */
  shareOf(topic: string, group: string | null, key: object): number[] {
    const count = this.#specs.get(topic)?.partitions ?? 0;
    const all = Array.from({ length: count }, (_, partition) => partition);
    if (group === null) return all;
    const members = this.#membersOf(topic, group);
    const place = members.findIndex((member) => member.key === key);
    return all.filter((partition) => partition % members.length === place);
  }

  claim(topic: string, group: string | null, partition: number, key: object): boolean {
    if (group === null) return true;
    const name = `${group}/${topic}/${partition}`;
    const owner = this.#claims.get(name);
    if (owner !== undefined && owner !== key) return false;
    this.#claims.set(name, key);
    return true;
  }

  unclaim(topic: string, group: string | null, partition: number, key: object): void {
    const name = `${group}/${topic}/${partition}`;
    if (group === null || this.#claims.get(name) !== key) return;
    this.#claims.delete(name);
    this.#tell(topic, group);
  }

  /** Frees everything that a dead member claimed; the others learn of it when it leaves. */
  unclaimAll(key: object): void {
    for (const [name, owner] of this.#claims) if (owner === key) this.#claims.delete(name);
  }

  #membersOf(topic: string, group: string | null): Member[] {
    return [...this.#members].filter((member) => member.topic === topic && member.group === group);
  }

  #tell(topic: string, group: string | null): void {
    for (const member of this.#membersOf(topic, group)) member.changed();
  }
}

function newestOfEachKey(records: readonly LogRecord[]): LogRecord[] {
  const newest = new Map(records.map((record) => [record.key, record.offset]));
  return records.filter((record) => newest.get(record.key) === record.offset);
}
