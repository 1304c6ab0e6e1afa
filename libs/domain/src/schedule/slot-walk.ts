import { nextCalendarSlot } from './calendar-slots.ts';
import type { CompiledSchedule } from './schedule-kinds.ts';
import { nextSlotAfter } from './schedule.ts';

/**
 * Slots one after the other. Of several expressions each is only asked again when its slot was the one: a far leap day
 * beside an hourly job would otherwise be searched for every hour.
 */
export function* slotsFrom(compiled: CompiledSchedule, afterMs: number): Generator<number, void> {
  if (compiled.kind !== 'cron' && compiled.kind !== 'oncalendar') {
    for (let at = nextSlotAfter(compiled, afterMs); at !== null; at = nextSlotAfter(compiled, at)) yield at;
    return;
  }
  const { expressions } = compiled;
  const nexts = expressions.map(({ fields, zone }) => nextCalendarSlot(fields, zone, afterMs) ?? Infinity);
  for (let at = Math.min(...nexts); at !== Infinity; at = Math.min(...nexts)) {
    yield at;
    let index = 0;
    for (const { fields, zone } of expressions) {
      if (nexts[index] === at) nexts[index] = nextCalendarSlot(fields, zone, at) ?? Infinity;
      index += 1;
    }
  }
}

/** The first slots strictly after an instant, as many as asked for or as there are. */
export function slotsAfter(compiled: CompiledSchedule, afterMs: number, count: number): number[] {
  const slots: number[] = [];
  if (count < 1) return slots;
  for (const at of slotsFrom(compiled, afterMs)) {
    slots.push(at);
    if (slots.length >= count) break;
  }
  return slots;
}
