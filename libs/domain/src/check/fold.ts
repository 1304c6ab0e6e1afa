import { assert, unreachable } from '../assert.ts';
import type { ConfigurationChange } from '../event/configuration.ts';
import type { Beat } from '../event/event.ts';
import type { PingReceived } from '../event/ping.ts';
import type { ProducedBy } from '../event/producer.ts';
import { newFoldStep, type FoldStep } from './fold-step.ts';
import { advanceClock, applyExpired, applyJoined, applyLeft, moveWatermark } from './membership.ts';
import type { PartitionState } from './partition-state.ts';
import { release } from './release.ts';

/**
 * Folds one record into the state of its partition and answers what follows from it. Synchronous and pure but for
 * the state that it is handed: no clock, no randomness, no I/O. The same records give the same steps, whoever folds.
 */
export function fold(state: PartitionState, offset: number, beat: Beat): FoldStep {
  const { brokenAtOffset } = state;
  assert(brokenAtOffset === null, `record ${brokenAtOffset} was folded by half; fold from the beginning`);
  const step = newFoldStep(offset);
  // Whoever throws below leaves the state half changed: to go on with it would lose verdicts without a word.
  state.brokenAtOffset = offset;
  state.nextOffset = offset + 1;
  if (!isRepeated(state, offset, beat, step)) apply(state, offset, beat, step);
  state.brokenAtOffset = null;
  return step;
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
  const key = producedKey(beat);
  const last = state.produced.get(key);
  const expected = last === undefined ? beat.pseq : isNumbered(beat) ? last + 1 : last;
  if (beat.pseq > expected) {
    step.effects.push({ kind: 'gap', offset, producer: key, missing: beat.pseq - expected });
  }
  if (isNumbered(beat) && last !== undefined && beat.pseq <= last) {
    step.effects.push({ kind: 'dropped', offset, reason: 'repeated' });
    return true;
  }
  state.produced.set(key, last === undefined ? beat.pseq : Math.max(last, beat.pseq));
  return false;
}

function producedKey({ producer, epoch }: ProducedBy): string {
  return `${producer}/${epoch}`;
}

/** A ping waits until the clock has passed its stamp; one from before the clock is late, and applied at once. */
function takePing(state: PartitionState, offset: number, ping: PingReceived, step: FoldStep): void {
  if (ping.receivedAt > state.newestPingAt) state.newestPingAt = ping.receivedAt;
  const late = ping.receivedAt < state.clockAt;
  state.pings.push({ offset, late, ping });
  if (late) release(state, step);
}

/** In force once every ping that lies before it in the log has been applied; at once when all of them have. */
function takeChange(state: PartitionState, offset: number, event: ConfigurationChange, step: FoldStep): void {
  const newest = state.newestPingAt >= state.clockAt ? state.newestPingAt + 1 : 0;
  const waiting = state.changes.at(-1)?.effectiveAt ?? 0;
  state.changes.push({ offset, event, effectiveAt: Math.max(state.clockAt, newest, waiting) });
  release(state, step);
}
