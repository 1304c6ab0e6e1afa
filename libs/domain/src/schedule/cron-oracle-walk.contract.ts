import type { Job, Random } from './cron-oracle-job.contract.ts';
import { compileSchedule, nextSlotAfter, previousSlotAtOrBefore, type CompiledSchedule } from './schedule.ts';
import { offsetAt, type Zone } from './zone.ts';

/**
 * The second half of the second opinion: looks at each tick of real time and at what the wall shows then, and takes the
 * rule of cron literally. It shares nothing with the engine but the zones' offsets.
 */
const HOUR_SECONDS = 3_600;

/** Cron takes a larger jump for a correction of the clock. */
const LARGEST_SAVING_SECONDS = 3 * HOUR_SECONDS;

/** Longer than any jump that counts, to know at the beginning what the wall has shown by then. */
const WARM_UP_SECONDS = 4 * HOUR_SECONDS;

/** A stretch of real time in seconds since 1970; both are full minutes, and the end is not part of it. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/** The span between two instants, widened to full hours. */
export function spanOf(beginAt: number, endAt: number): Span {
  const [begin, end] = [beginAt / 1_000 / HOUR_SECONDS, endAt / 1_000 / HOUR_SECONDS];
  return { begin: Math.floor(begin) * HOUR_SECONDS, end: Math.ceil(end) * HOUR_SECONDS };
}

/** The offset of each minute of a span and of the warm-up before it; minutes are looked at where an hour is not even. */
export function offsetsIn(zone: Zone, { begin, end }: Span): Int32Array {
  const from = begin - WARM_UP_SECONDS - 60;
  const minutes = (end - from) / 60;
  const offsets = new Int32Array(minutes);
  const at = (minute: number): number => offsetAt(zone, (from + minute * 60) * 1_000) / 1_000;
  for (let minute = 0; minute < minutes; minute += 60) {
    const first = at(minute);
    if (first === at(minute + 60)) offsets.fill(first, minute, minute + 60);
    else for (let each = minute; each < minute + 60; each += 1) offsets[each] = at(each);
  }
  return offsets;
}

/** The slots in a span, in milliseconds, by looking at every tick of it. */
export function walk(job: Job, offsets: Int32Array, { begin, end }: Span, tick: 1 | 60): number[] {
  const due: number[] = [];
  const from = begin - WARM_UP_SECONDS - 60;
  let before = from + (offsets[0] ?? 0);
  let latest = before;
  for (let at = from + tick; at < end; at += tick) {
    const local = at + (offsets[((at - from) / 60) | 0] ?? 0);
    const jump = local - before - tick;
    let isDue = false;
    if (jump === 0) {
      isDue = job.holds(local) && (local > latest || !job.isFixed);
    } else if (Math.abs(jump) > LARGEST_SAVING_SECONDS || !job.isFixed) {
      // Whatever the wall shows now is new, or the job does not care whether it is.
      isDue = job.holds(local);
      if (Math.abs(jump) > LARGEST_SAVING_SECONDS) latest = local - tick;
    } else {
      isDue = local > latest && job.holds(local);
      for (let missed = before + tick; missed < local; missed += tick) isDue ||= job.holds(missed);
    }
    if (isDue && at >= begin) due.push(at * 1_000);
    before = local;
    if (local > latest) latest = local;
  }
  return due;
}

/** The engine for an expression; null for one that it takes for never happening. */
export function compiled(expression: string, zone: string): CompiledSchedule | null {
  const result = compileSchedule({ kind: 'cron', expressions: [expression], zone });
  if (!result.ok && !result.problem.includes('never happens')) throw new Error(result.problem);
  return result.ok ? result.compiled : null;
}

function slotsForwards(schedule: CompiledSchedule, beginAt: number, endAt: number): number[] {
  const slots: number[] = [];
  let at = nextSlotAfter(schedule, beginAt - 1);
  while (at !== null && at < endAt) {
    slots.push(at);
    at = nextSlotAfter(schedule, at);
  }
  return slots;
}

function slotsBackwards(schedule: CompiledSchedule, beginAt: number, endAt: number): number[] {
  const slots: number[] = [];
  let at = previousSlotAtOrBefore(schedule, endAt - 1);
  while (at !== null && at >= beginAt) {
    slots.push(at);
    at = previousSlotAtOrBefore(schedule, at - 1);
  }
  return slots.reverse();
}

function told(at: number | null | undefined): string {
  return at === undefined || at === null ? 'nothing' : new Date(at).toISOString();
}

/** Lists of ten thousand instants are no help in a report; the first that differs is. */
function firstDifference(walked: readonly number[], found: readonly number[]): string | null {
  for (let index = 0; index < Math.max(walked.length, found.length); index += 1) {
    if (walked[index] !== found[index]) return `expected ${told(walked[index])}, got ${told(found[index])}`;
  }
  return null;
}

/** Where the engine, asked forwards and backwards from slot to slot, does not find what was walked; null if nowhere. */
export function slotDifference(
  schedule: CompiledSchedule | null,
  walked: readonly number[],
  span: Span,
): string | null {
  const [beginAt, endAt] = [span.begin * 1_000, span.end * 1_000];
  const forwards = schedule === null ? [] : slotsForwards(schedule, beginAt, endAt);
  const backwards = schedule === null ? [] : slotsBackwards(schedule, beginAt, endAt);
  const [ahead, back] = [firstDifference(walked, forwards), firstDifference(walked, backwards)];
  return ahead === null ? back && `backwards: ${back}` : `forwards: ${ahead}`;
}

/** Where the engine, asked at instants between slots, does not find the neighbours that were walked; null if nowhere. */
export function neighbourDifference(
  schedule: CompiledSchedule | null,
  walked: readonly number[],
  instants: readonly number[],
): string | null {
  if (schedule === null) return null;
  for (const at of instants) {
    let after = 0;
    for (let step = 1 << 20; step > 0; step >>= 1) {
      if ((walked[after + step - 1] ?? Infinity) <= at) after += step;
    }
    const [next, previous] = [walked[after], walked[after - 1]];
    // Beyond the span's first and last slot nothing was walked.
    if (next !== undefined && nextSlotAfter(schedule, at) !== next)
      return `after ${told(at)}: expected ${told(next)}, got ${told(nextSlotAfter(schedule, at))}`;
    if (previous !== undefined && previousSlotAtOrBefore(schedule, at) !== previous)
      return `at ${told(at)}: expected ${told(previous)}, got ${told(previousSlotAtOrBefore(schedule, at))}`;
  }
  return null;
}

/** Instants of a span that are no full minutes. */
export function instantsIn(random: Random, { begin, end }: Span, count: number): number[] {
  return Array.from({ length: count }, () => begin * 1_000 + random((end - begin) * 1_000));
}
