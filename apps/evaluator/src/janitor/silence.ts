import type { PartitionState } from '#domain';

/** How long an ingest's watermark has stood still, as far as this evaluator could see. */
export interface Silence {
  readonly epoch: number;
  readonly watermarkAt: number;
  readonly seenAt: number;
  readonly silentMs: number;
}

/**
 * Adds up silence from one look to the next. A look that comes much later than it should (`longestStepMs`) says that
 * we ourselves stood still, and adds nothing.
 */
export function silentFor(
  state: PartitionState,
  before: ReadonlyMap<string, Silence>,
  now: number,
  longestStepMs: number,
): Map<string, Silence> {
  const silences = new Map<string, Silence>();
  for (const [producer, { epoch, watermarkAt }] of state.joined) {
    const last = before.get(producer);
    const same = last !== undefined && last.epoch === epoch && last.watermarkAt === watermarkAt;
    const step = same ? now - last.seenAt : 0;
    const counted = step > 0 && step <= longestStepMs ? step : 0;
    silences.set(producer, { epoch, watermarkAt, seenAt: now, silentMs: same ? last.silentMs + counted : 0 });
  }
  return silences;
}
