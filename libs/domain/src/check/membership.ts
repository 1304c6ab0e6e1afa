import type { IngestExpired, IngestJoined, IngestLeft, Watermark } from '../event/membership.ts';
import type { FoldStep } from './fold-step.ts';
import { applyHole, applySoftHole } from './hole.ts';
import { dropOldOrphans } from './orphan.ts';
import type { JoinedIngest, PartitionState } from './partition-state.ts';
import { release } from './release.ts';
import type { Stretch } from './stretch.ts';

/** The lease that is assumed when an ingest came back by itself before anybody expired it. */
const ASSUMED_LEASE_MS = 10_000;

/** Pings of so long after the last watermark are ordinary: they came with the append that was not finished. */
const BETWEEN_WATERMARKS_MS = 1_000;

/**
 * The clock is the least watermark of all joined ingests: before it, nothing can come any more. It never goes back,
 * and it stands still while nobody is joined.
 */
export function advanceClock(state: PartitionState, step: FoldStep): void {
  const least = leastWatermark(state);
  // Nothing waits for a clock that stands: what came late was released when it came.
  if (least !== null && least > state.clockAt) moveClock(state, least, step);
}

function moveClock(state: PartitionState, at: number, step: FoldStep): void {
  if (at > state.clockAt) state.clockAt = at;
  release(state, step);
  dropOldOrphans(state, step);
  if (state.listened.length > 0) {
    state.listened = state.listened.filter(({ untilAt }) => untilAt > state.clockAt);
  }
  if (state.softHoles.length === 0) return;
  state.softHoles = state.softHoles.filter(({ keptUntilAt }) => keptUntilAt > state.clockAt);
}

function leastWatermark(state: PartitionState): number | null {
  let least: number | null = null;
  for (const { watermarkAt } of state.joined.values()) {
    if (least === null || watermarkAt < least) least = watermarkAt;
  }
  return least;
}

/** Joins an ingest; a higher epoch ends the older one of the same name at its last watermark. */
export function applyJoined(
  state: PartitionState,
  offset: number,
  event: IngestJoined,
  step: FoldStep,
): void {
  const older = state.joined.get(event.producer);
  if (older !== undefined && older.epoch >= event.epoch) {
    step.note({ kind: 'dropped', offset, reason: 'stale_epoch' });
    return;
  }
  state.joined.delete(event.producer);
  const joinedAt = Math.max(event.at, state.clockAt);
  if (state.joined.size === 0) openHole(state, joinedAt, step);
  else if (older !== undefined) {
    judgeSilence(state, older, { joinsAt: joinedAt, untilAt: joinedAt, leaseMs: ASSUMED_LEASE_MS }, step);
  }
  state.heardUntilAt = Math.max(state.heardUntilAt, joinedAt);
  state.joined.set(event.producer, { epoch: event.epoch, sinceAt: joinedAt, watermarkAt: joinedAt });
  advanceClock(state, step);
}

/** Nobody was joined until now: what was heard before is released first, then the silence is judged. */
function openHole(state: PartitionState, joinedAt: number, step: FoldStep): void {
  const buffered = state.newestPingAt >= state.clockAt;
  const fromAt = Math.max(buffered ? state.newestPingAt + 1 : state.clockAt, state.heardUntilAt);
  const firstEver = state.clockAt === 0;
  // After the last watermark only the one that took these pings was heard, and no client of another one that died.
  const halfHeard = { fromAt: Math.max(state.heardUntilAt, state.clockAt), untilAt: fromAt };
  const isLong = fromAt - halfHeard.fromAt > BETWEEN_WATERMARKS_MS;
  if (!firstEver && isLong) applySoftHole(state, halfHeard, ASSUMED_LEASE_MS, step);
  // Deadlines that lie in the hole must not fire before they are extended or voided.
  moveClock(state, fromAt, step);
  if (!firstEver && joinedAt > fromAt) applyHole(state, { fromAt, untilAt: joinedAt }, step);
  // A ping of the dead one may be stamped later than the one that joins: its clock was ahead.
  state.clockAt = Math.max(fromAt, joinedAt);
}

/** How the time is to be judged that passed since the last watermark of an ingest that turned out to be dead. */
interface Silence {
  /** When somebody joins now; Infinity when nobody does. */
  readonly joinsAt: number;
  readonly untilAt: number;
  readonly leaseMs: number;
}

/**
 * An ingest had been dead since its last watermark. While others listened, its clients could have lost their pings with
 * it and come back by them; where the others turn out to have joined only later, nobody listened at all.
 */
function judgeSilence(state: PartitionState, dead: JoinedIngest, silence: Silence, step: FoldStep): void {
  const { joinsAt, untilAt, leaseMs } = silence;
  state.listened.push({ fromAt: dead.sinceAt, untilAt: dead.watermarkAt });
  let fromAt = dead.watermarkAt;
  for (;;) {
    const gap = unheard(state, fromAt, joinsAt);
    applySoftHole(state, { fromAt, untilAt: gap?.fromAt ?? untilAt }, leaseMs, step);
    if (gap === null) return;
    // Who is joined still began to listen after this instant, so nothing that was heard before it can be missing.
    moveClock(state, gap.fromAt, step);
    applyHole(state, gap, step);
    fromAt = gap.untilAt;
  }
}

/** The first stretch from an instant on in which nobody listened, as far as is known now; null when somebody always did. */
function unheard(state: PartitionState, fromAt: number, joinsAt: number): Stretch | null {
  const now = [...state.joined.values()].map(({ sinceAt }) => ({ fromAt: sinceAt, untilAt: Infinity }));
  const known = [...now, ...state.listened];
  let beginsAt = fromAt;
  for (;;) {
    const heard = known.find((each) => each.fromAt <= beginsAt && each.untilAt > beginsAt);
    if (heard === undefined) break;
    beginsAt = heard.untilAt;
  }
  const endsAt = known.reduce(
    (least, each) => (each.fromAt > beginsAt ? Math.min(least, each.fromAt) : least),
    joinsAt,
  );
  return endsAt > beginsAt && endsAt !== Infinity ? { fromAt: beginsAt, untilAt: endsAt } : null;
}

/** Takes a leaving ingest out of the minimum; its last watermark still counts. */
export function applyLeft(state: PartitionState, offset: number, event: IngestLeft, step: FoldStep): void {
  if (!moveWatermark(state, offset, event, step)) return;
  advanceClock(state, step);
  const member = state.joined.get(event.producer);
  if (member !== undefined) state.listened.push({ fromAt: member.sinceAt, untilAt: member.watermarkAt });
  state.joined.delete(event.producer);
  advanceClock(state, step);
}

/** Takes a dead ingest out of the minimum; what others heard meanwhile may be missing its pings. */
export function applyExpired(
  state: PartitionState,
  offset: number,
  event: IngestExpired,
  step: FoldStep,
): void {
  const dead = state.joined.get(event.expired.producer);
  if (dead === undefined || dead.epoch !== event.expired.epoch) {
    step.note({ kind: 'dropped', offset, reason: 'not_joined' });
    return;
  }
  state.joined.delete(event.expired.producer);
  // Until the newest instant that anybody was heard: the least would forget a third one that lags, and one that left
  // in the meantime was heard as well.
  const { leaseMs } = event;
  judgeSilence(state, dead, { joinsAt: Infinity, untilAt: state.heardUntilAt, leaseMs }, step);
  advanceClock(state, step);
}

/** Moves one ingest's watermark; false when it is not joined with this epoch. A step back is ignored. */
export function moveWatermark(
  state: PartitionState,
  offset: number,
  event: Watermark | IngestLeft,
  step: FoldStep,
): boolean {
  const member = state.joined.get(event.producer);
  if (member === undefined || member.epoch !== event.epoch) {
    step.note({ kind: 'dropped', offset, reason: 'not_joined' });
    return false;
  }
  if (event.at > member.watermarkAt) member.watermarkAt = event.at;
  if (event.at > state.heardUntilAt) state.heardUntilAt = event.at;
  return true;
}
