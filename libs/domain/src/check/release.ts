import { applyChange } from './apply-change.ts';
import { applyPing } from './apply-ping.ts';
import { applyTimer } from './apply-timer.ts';
import type { FoldStep } from './fold-step.ts';
import type { BufferedChange, BufferedPing, PartitionState } from './partition-state.ts';
import { peekTimer, popTimer } from './timer-queue.ts';

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
  let next = 0;
  for (;;) {
    const ping = pings[next];
    const change = dueChange(state);
    const timer = peekTimer(state.timers);
    const pingAt = ping?.ping.receivedAt ?? Infinity;
    const changeAt = change?.effectiveAt ?? Infinity;
    const timerAt = timer !== undefined && timer.at < state.clockAt ? timer.at : Infinity;
    if (ping !== undefined && pingAt < changeAt && pingAt <= timerAt) {
      next += 1;
      applyPing(state, ping, step);
    } else if (change !== undefined && changeAt <= timerAt) {
      state.changes.shift();
      applyChange(state, change, step);
    } else if (timer !== undefined && timerAt !== Infinity) {
      popTimer(state.timers);
      applyTimer(state, timer, step);
    } else return;
  }
}

/** Pings stamped before the clock, sorted; the others stay in the buffer. */
function takeReleasedPings(state: PartitionState): BufferedPing[] {
  if (state.pings.length === 0) return [];
  const released = state.pings.filter(({ ping }) => ping.receivedAt < state.clockAt);
  if (released.length === 0) return released;
  state.pings = state.pings.filter(({ ping }) => ping.receivedAt >= state.clockAt);
  return released.sort(byStamp);
}

function dueChange(state: PartitionState): BufferedChange | undefined {
  const change = state.changes[0];
  return change !== undefined && change.effectiveAt <= state.clockAt ? change : undefined;
}
