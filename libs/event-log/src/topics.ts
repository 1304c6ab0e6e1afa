import type { TopicSpec } from './event-log.ts';

export const BEATS = 'holter.beats';
export const DEFINITIONS = 'holter.definitions';
export const TRANSITIONS = 'holter.transitions';
export const SNAPSHOTS = 'holter.snapshots';

const DAY_MS = 86_400_000;

/** Long enough to judge a month again; the projections keep history for longer. */
const BEATS_RETENTION_MS = 30 * DAY_MS;

/** The four topics of an installation with `partitions` partitions (standalone 4, services 16). */
export function holterTopics(partitions: number): readonly TopicSpec[] {
  return [
    { name: BEATS, partitions, policy: { kind: 'time', retentionMs: BEATS_RETENTION_MS } },
    // One partition: every ingest reads all of it, and one total order makes "caught up" a single number.
    { name: DEFINITIONS, partitions: 1, policy: { kind: 'compacted' } },
    { name: TRANSITIONS, partitions, policy: { kind: 'time', retentionMs: null } },
    { name: SNAPSHOTS, partitions, policy: { kind: 'compacted' } },
  ];
}
