import type { TopicSpec } from './event-log.ts';

export const BEATS = 'holter.beats';
export const DEFINITIONS = 'holter.definitions';
export const TRANSITIONS = 'holter.transitions';
export const SNAPSHOTS = 'holter.snapshots';

/** The four topics of an installation with `partitions` partitions (standalone 4, services 16). */
export function holterTopics(partitions: number): readonly TopicSpec[] {
  return [
    // Kept for ever as long as there are no snapshots of the fold: without the first records of a check it could not
    // be judged after a restart.
    { name: BEATS, partitions, policy: { kind: 'time', retentionMs: null } },
    // One partition: every ingest reads all of it, and one total order makes "caught up" a single number.
    { name: DEFINITIONS, partitions: 1, policy: { kind: 'compacted' } },
    { name: TRANSITIONS, partitions, policy: { kind: 'time', retentionMs: null } },
    { name: SNAPSHOTS, partitions, policy: { kind: 'compacted' } },
  ];
}
