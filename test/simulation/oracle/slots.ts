import { nextSlotAfter, type CompiledSchedule } from '../../../libs/domain/src/schedule/schedule.ts';

/** The one thing that the oracle has from the product, which a spec of its own compares with a naive one. */
export function slotFrom(schedule: CompiledSchedule, afterMs: number): number | null {
  return nextSlotAfter(schedule, afterMs);
}

/** The newest slot at or before an instant, found by walking from far enough before it. */
export function slotUntil(schedule: CompiledSchedule, atMs: number): number | null {
  for (let backMs = 60_000; backMs < LONGEST_GAP_MS; backMs *= 4) {
    let slot = slotFrom(schedule, atMs - backMs);
    if (slot === null || slot > atMs) continue;
    for (;;) {
      const next = slotFrom(schedule, slot);
      if (next === null || next > atMs) return slot;
      slot = next;
    }
  }
  return null;
}

const LONGEST_GAP_MS = 500 * 86_400_000;
