import { EventLogError, LARGEST_APPEND_BYTES, type NewRecord, type TopicSpec } from './event-log.ts';

/** The most bytes that UTF-8 needs for one unit of a JavaScript string. */
const BYTES_PER_UNIT = 3;

/**
 * What every adapter refuses before it asks its store, so that a batch which one adapter takes is taken by all: a
 * program that was only tested in memory meets no surprise on Kafka.
 */
export function checkAppend(spec: TopicSpec, partition: number, records: readonly NewRecord[]): void {
  checkPartition(spec, partition);
  if (records.length === 0) throw new EventLogError('An empty batch cannot be appended.');
  const tombstones = spec.policy.kind === 'compacted';
  let units = 0;
  for (const { key, value } of records) {
    if (key === '' || key.includes('\n')) throw new EventLogError('The key of a record is one line of text.');
    if (value === null && !tombstones) {
      throw new EventLogError(`Topic ${spec.name} is not compacted: it takes no tombstones.`);
    }
    if (value === '' || value?.includes('\n')) {
      throw new EventLogError('The value of a record is one line of JSON.');
    }
    units += key.length + (value?.length ?? 0);
  }
  // Counting bytes costs a pass over the text; almost every batch is far below any doubt.
  if (units * BYTES_PER_UNIT > LARGEST_APPEND_BYTES && bytesOf(records) > LARGEST_APPEND_BYTES) {
    throw new EventLogError(
      `A batch of ${bytesOf(records)} bytes is above the limit of ${LARGEST_APPEND_BYTES}; append it in parts.`,
    );
  }
}

/** Throws when the topic has no such partition. */
export function checkPartition(spec: TopicSpec, partition: number): void {
  if (!Number.isInteger(partition) || partition < 0 || partition >= spec.partitions) {
    throw new EventLogError(`There is no partition ${partition} of topic ${spec.name}.`);
  }
}

/** The topics of an installation by name; asking for one that is not there is an error. */
export class TopicTable {
  readonly #specs: ReadonlyMap<string, TopicSpec>;

  constructor(topics: readonly TopicSpec[]) {
    this.#specs = new Map(topics.map((spec) => [spec.name, spec]));
  }

  get(topic: string): TopicSpec {
    const spec = this.#specs.get(topic);
    if (spec === undefined) throw new EventLogError(`There is no topic ${topic}.`);
    return spec;
  }
}

/** The sentence for an operator whose installation was set up in another shape. */
export function shapeProblem(
  spec: TopicSpec,
  present: { partitions: number; policy: string },
): string | null {
  if (present.partitions === spec.partitions && present.policy === spec.policy.kind) return null;
  return `Topic ${spec.name} has ${present.partitions} partitions (${present.policy}), but ${spec.partitions} (${spec.policy.kind}) are configured; both are fixed when an installation is made.`;
}

function bytesOf(records: readonly NewRecord[]): number {
  let bytes = 0;
  for (const { key, value } of records) {
    bytes += Buffer.byteLength(key) + (value === null ? 0 : Buffer.byteLength(value));
  }
  return bytes;
}
