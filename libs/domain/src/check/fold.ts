import { unreachable } from '../assert.ts';
import type { Beat } from '../event/event.ts';
import type { PingReceived } from '../event/ping.ts';
import { applyPing } from './apply-ping.ts';
import { FoldStep } from './fold-step.ts';
import { advanceClock, applyExpired, applyJoined, applyLeft, moveWatermark } from './membership.ts';
import type { Change, PartitionState } from './partition-state.ts';
import { release } from './release.ts';

/**
 * Folds one record into the state of its partition and answers what follows from it. Synchronous and pure but for
 * the state that it is handed: no clock, no randomness, no I/O. The same records give the same steps, whoever folds.
 */
export function fold(state: PartitionState, offset: number, beat: Beat): FoldStep {
  if (state.brokenAtOffset !== null) refuse(state.brokenAtOffset);
  const step = new FoldStep(offset);
  // Whoever throws below leaves the state half changed: to go on with it would lose verdicts without a word.
  state.brokenAtOffset = offset;
  state.nextOffset = offset + 1;
  if (!isRepeated(state, offset, beat, step)) apply(state, offset, beat, step);
  state.brokenAtOffset = null;
  return step;
}

/** Apart, so that the sentence is made only when it is needed and not for every record. */
function refuse(brokenAtOffset: number): never {
  throw new Error(`Bug: record ${brokenAtOffset} was folded by half; fold from the beginning`);
}

function apply(state: PartitionState, offset: number, beat: Beat, step: FoldStep): void {
  switch (beat.type) {
    case 'ping.received':
      takePing(state, offset, beat, step);
      break;
    case 'watermark':
      if (moveWatermark(state, offset, beat, step)) advanceClock(state, step);
      break;
    case 'ingest.joined':
      applyJoined(state, offset, beat, step);
      break;
    case 'ingest.left':
      applyLeft(state, offset, beat, step);
      break;
    case 'ingest.expired':
      applyExpired(state, offset, beat, step);
      break;
    case 'check.configured':
    case 'check.paused':
    case 'check.resumed':
    case 'check.removed':
    case 'coverage.suspect':
    case 'tz.activated':
    case 'rules.activated':
      takeChange(state, offset, beat, step);
      break;
    default:
      unreachable(beat);
  }
}

/** Records that take part in the dense numbering; a watermark only repeats the last number. */
function isNumbered(beat: Beat): boolean {
  return beat.type !== 'watermark' && beat.type !== 'ingest.left';
}

/** Recognises a repeated append by its number, and notices a number that never came. */
function isRepeated(state: PartitionState, offset: number, beat: Beat, step: FoldStep): boolean {
  const epochs = epochsOf(state, beat.producer);
  const last = epochs.get(beat.epoch);
  const numbered = isNumbered(beat);
  const expected = last === undefined ? beat.pseq : numbered ? last + 1 : last;
  if (beat.pseq > expected) {
    const producer = `${beat.producer}/${beat.epoch}`;
    step.note({ kind: 'gap', offset, producer, missing: beat.pseq - expected });
  }
  if (numbered && last !== undefined && beat.pseq <= last && state.switches.repeatsDropped) {
    step.note({ kind: 'dropped', offset, reason: 'repeated' });
    return true;
  }
  if (last === undefined || beat.pseq > last) epochs.set(beat.epoch, beat.pseq);
  return false;
}

function epochsOf({ produced }: PartitionState, producer: string): Map<number, number> {
  const known = produced.get(producer);
  if (known !== undefined) return known;
  const epochs = new Map<number, number>();
  produced.set(producer, epochs);
  return epochs;
}

/** A ping waits until the clock has passed its stamp; one from before the clock is late, and applied at once. */
function takePing(state: PartitionState, offset: number, ping: PingReceived, step: FoldStep): void {
  if (ping.receivedAt > state.newestPingAt) state.newestPingAt = ping.receivedAt;
  const lateAt = ping.receivedAt < state.clockAt ? state.clockAt : null;
  if (!state.switches.sortedRelease) return applyPing(state, { offset, lateAt: null, ping }, step);
  state.pings.push({ offset, lateAt, ping });
  if (lateAt !== null) release(state, step);
}

/** In force once every ping that lies before it in the log has been applied; at once when all of them have. */
function takeChange(state: PartitionState, offset: number, event: Change, step: FoldStep): void {
  const isWaiting = state.newestPingAt > 0 && state.newestPingAt >= state.clockAt;
  const newest = isWaiting ? state.newestPingAt + 1 : 0;
  const waiting = state.changes.at(-1)?.effectiveAt ?? 0;
  state.changes.push({ offset, event, effectiveAt: Math.max(state.clockAt, newest, waiting) });
  release(state, step);
}
