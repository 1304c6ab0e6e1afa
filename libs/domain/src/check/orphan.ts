import type { BufferedPing, PartitionState } from './partition-state.ts';
import type { FoldStep } from './fold-step.ts';

/** So long a ping may come before its check's configuration, as when a client makes a check and pings it at once. */
const ORPHAN_MAX_MS = 10 * 60_000;
/** So many are kept in a partition; of more the oldest give way. */
const ORPHANS_MAX = 1_000;

/** Keeps a ping of a check that is not configured, for a while. */
export function keepOrphan(state: PartitionState, ping: BufferedPing, step: FoldStep): void {
  state.orphans.push(ping);
  // Told by the ping's own time, not by how far the clock has gone: its configuration may be next in the same release.
  dropOrphansBefore(state, ping.ping.receivedAt - ORPHAN_MAX_MS, step);
}

/** Gives up those whose check did not come in time. */
export function dropOldOrphans(state: PartitionState, step: FoldStep): void {
  dropOrphansBefore(state, state.clockAt - ORPHAN_MAX_MS, step);
}

function dropOrphansBefore(state: PartitionState, oldestAt: number, step: FoldStep): void {
  for (;;) {
    const oldest = state.orphans[0];
    if (oldest === undefined) return;
    if (state.orphans.length <= ORPHANS_MAX && oldest.ping.receivedAt >= oldestAt) return;
    state.orphans.shift();
    step.note({ kind: 'dropped', offset: oldest.offset, reason: 'unknown_check' });
  }
}

/** The pings that waited for this check, in their order; they wait no more. */
export function takeOrphans(state: PartitionState, checkId: string, atMs: number): BufferedPing[] {
  if (state.orphans.length === 0) return [];
  const own = state.orphans.filter(({ ping }) => ping.checkId === checkId);
  if (own.length > 0) state.orphans = state.orphans.filter(({ ping }) => ping.checkId !== checkId);
  return own.filter(({ ping }) => ping.receivedAt >= atMs - ORPHAN_MAX_MS);
}
