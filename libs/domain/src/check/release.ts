import { applyChange } from './apply-change.ts';
import { applyPing } from './apply-ping.ts';
import { applyTimer } from './apply-timer.ts';
import type { FoldStep } from './fold-step.ts';
import type { BufferedChange, BufferedPing, PartitionState } from './partition-state.ts';

/** Pings by their stamp, then by who took them, so that the order of arrival never shows. */
function byStamp(left: BufferedPing, right: BufferedPing): number {
  if (left.ping.receivedAt !== right.ping.receivedAt) return left.ping.receivedAt - right.ping.receivedAt;
  if (left.ping.producer !== right.ping.producer) return left.ping.producer < right.ping.producer ? -1 : 1;
  if (left.ping.epoch !== right.ping.epoch) return left.ping.epoch - right.ping.epoch;
  return left.ping.pseq - right.ping.pseq;
}

/**
 * Applies everything that lies before the clock, in the order of time: at the same instant changes of configuration,
 * then pings, then deadlines. A ping exactly at its deadline is in time. A change whose instant the clock has reached
 * is applied at once, because every ping before it in the log has been; so at its own instant it must come before the
 * pings as well, or the verdict would tell whether the clock stopped there.
 */
export function release(state: PartitionState, step: FoldStep): void {
  const pings = takeReleasedPings(state);
  const { timers } = state.checks.store;
  timers.advance(state.clockAt);
  let next = 0;
  let applied = 0;
  for (;;) {
    const ping = pings[next];
    const change = dueChange(state, applied);
    const timerNo = timers.nextDue(state.clockAt);
    const pingAt = ping?.ping.receivedAt ?? Infinity;
    const changeAt = change?.effectiveAt ?? Infinity;
    const timerAt = timerNo < 0 ? Infinity : timers.filedAt(timerNo);
    if (ping !== undefined && pingAt < changeAt && pingAt <= timerAt) {
      next += 1;
      applyPing(state, ping, step);
    } else if (change !== undefined && changeAt <= timerAt) {
      applied += 1;
      applyChange(state, change, step);
    } else if (timerNo >= 0) {
      applyTimer(state, state.checks.at(timerNo), timers.take(timerNo), step);
    } else break;
  }
  if (applied > 0) state.changes.splice(0, applied);
}

/** Pings stamped before the clock, sorted; the others stay in the buffer. */
function takeReleasedPings(state: PartitionState): BufferedPing[] {
  if (state.pings.length === 0) return [];
  const { clockAt } = state;
  if (state.newestPingAt < clockAt) {
    // Mostly the clock has passed them all.
    const all = state.pings;
    state.pings = [];
    return isInOrder(all) ? all : all.sort(byStamp);
  }
  const released: BufferedPing[] = [];
  const kept: BufferedPing[] = [];
  for (const buffered of state.pings) (buffered.ping.receivedAt < clockAt ? released : kept).push(buffered);
  state.pings = kept;
  // One producer's pings come in order, and mostly it is alone between two watermarks.
  return isInOrder(released) ? released : released.sort(byStamp);
}

function isInOrder(pings: readonly BufferedPing[]): boolean {
  let before: BufferedPing | null = null;
  for (const ping of pings) {
    if (before !== null && byStamp(before, ping) > 0) return false;
    before = ping;
  }
  return true;
}

function dueChange(state: PartitionState, applied: number): BufferedChange | undefined {
  const change = state.changes[applied];
  return change !== undefined && change.effectiveAt <= state.clockAt ? change : undefined;
}
