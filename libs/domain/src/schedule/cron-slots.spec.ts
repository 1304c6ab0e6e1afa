import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compileSchedule, nextSlotAfter, previousSlotAtOrBefore, type CompiledSchedule } from './schedule.ts';
import { allZoneNames, offsetOfStretch, stretchBeginsAt, zoneNamed, type Zone } from './zone.ts';

interface GoldenCase {
  id: string;
  expression: string;
  zone: string;
  after: string;
  why: string;
  slots: string[];
}

const golden: GoldenCase[] = JSON.parse(
  readFileSync(new URL('./cron-slots.golden.json', import.meta.url), 'utf8'),
);

const HOUR_MS = 3_600_000;

function cron(expression: string, zone: string): CompiledSchedule {
  const result = compileSchedule({ kind: 'cron', expressions: [expression], zone });
  if (!result.ok) throw new Error(result.problem);
  return result.compiled;
}

/** Occurrences one after the other. */
function slotsAfter(schedule: CompiledSchedule, afterMs: number, count: number): (number | null)[] {
  const slots: (number | null)[] = [];
  for (let at: number | null = afterMs; at !== null && slots.length < count; slots.push(at)) {
    at = nextSlotAfter(schedule, at);
  }
  return slots;
}

function texts(slots: readonly (number | null)[]): string[] {
  return slots.map((at) => (at === null ? 'none' : new Date(at).toISOString().replace('.000', '')));
}

describe('slots of a cron schedule', () => {
  it.each(golden)(
    'follow the rule of cron: $id $expression in $zone ($why)',
    ({ expression, zone, after, slots }) => {
      expect(texts(slotsAfter(cron(expression, zone), Date.parse(after), slots.length))).toEqual(slots);
    },
  );

  it.each(golden)('are found again backwards: $id $expression in $zone', ({ expression, zone, slots }) => {
    const schedule = cron(expression, zone);
    const instants = slots.map((slot) => Date.parse(slot));
    const atEach = instants.map((at) => previousSlotAtOrBefore(schedule, at));
    const justBefore = instants.map((at) => previousSlotAtOrBefore(schedule, at - 1));
    expect(atEach).toEqual(instants);
    expect(justBefore.slice(1)).toEqual(instants.slice(0, -1));
  });

  it('are strictly after the instant asked for, to the millisecond', () => {
    const schedule = cron('0 4 * * *', 'UTC');
    const slot = Date.UTC(2026, 0, 1, 4);
    expect(nextSlotAfter(schedule, slot - 1)).toBe(slot);
    expect(nextSlotAfter(schedule, slot)).toBe(slot + 24 * HOUR_MS);
    expect(nextSlotAfter(schedule, slot + 0.5)).toBe(slot + 24 * HOUR_MS);
    expect(previousSlotAtOrBefore(schedule, slot + 1)).toBe(slot);
    expect(previousSlotAtOrBefore(schedule, slot)).toBe(slot);
    expect(previousSlotAtOrBefore(schedule, slot - 1)).toBe(slot - 24 * HOUR_MS);
  });

  it('never go back: a later instant has no earlier next slot, and the slot before leads to it', () => {
    for (const { expression, zone, slots } of golden) {
      const schedule = cron(expression, zone);
      // Every seven minutes and a bit, from six hours before the first of the slots to ten after.
      const bases = Array.from(
        { length: 140 },
        (_, index) => Date.parse(slots[0] ?? '') + (index - 50) * 420_001,
      );
      let latest = -Infinity;
      for (const base of bases) {
        const next = nextSlotAfter(schedule, base) ?? Number.NaN;
        const before = previousSlotAtOrBefore(schedule, base) ?? Number.NaN;
        const isFine =
          before <= base &&
          base < next &&
          latest <= next &&
          previousSlotAtOrBefore(schedule, next) === next &&
          previousSlotAtOrBefore(schedule, next - 1) === before &&
          nextSlotAfter(schedule, before) === next;
        expect([expression, zone, base, isFine]).toEqual([expression, zone, base, true]);
        latest = next;
      }
    }
  });

  it('exist for instants outside every table', () => {
    const schedule = cron('0 4 * * *', 'Europe/Berlin');
    expect(texts([nextSlotAfter(schedule, 0)])).toEqual(['1970-01-01T03:00:00Z']);
    expect(texts([previousSlotAtOrBefore(schedule, -1)])).toEqual(['1969-12-31T03:00:00Z']);
    expect(texts([nextSlotAfter(schedule, Date.UTC(2190, 6, 1))])).toEqual(['2190-07-01T02:00:00Z']);
  });

  it('are none, rather than an endless search, for what is no instant', () => {
    for (const at of [Number.NaN, Infinity, -Infinity]) {
      expect(nextSlotAfter(cron('0 4 * * *', 'Europe/Berlin'), at)).toBeNull();
      expect(previousSlotAtOrBefore(cron('0 4 * * *', 'Europe/Berlin'), at)).toBeNull();
    }
  });
});

/** Every change of the clock from 2007 to 2060, one zone for each different course of offsets. */
function everyChange(): { zone: Zone; at: number; fromMs: number; toMs: number }[] {
  const changes: { zone: Zone; at: number; fromMs: number; toMs: number }[] = [];
  const seen = new Set<string>();
  for (const name of allZoneNames()) {
    const zone = zoneNamed(name);
    const course = JSON.stringify([zone?.changesAt, zone?.offsetsMs, zone?.yearly]);
    if (zone === null || seen.has(course)) continue;
    seen.add(course);
    const count = zone.changesAt.length + 20 * zone.yearly.length;
    for (let index = 1; index <= count; index += 1) {
      changes.push({
        zone,
        at: stretchBeginsAt(zone, index),
        fromMs: offsetOfStretch(zone, index - 1),
        toMs: offsetOfStretch(zone, index),
      });
    }
  }
  return changes;
}

/** The expression of one local time each day. */
function dailyAt(localMs: number): string {
  const minutes = ((Math.floor(localMs / 60_000) % 1_440) + 1_440) % 1_440;
  return `${minutes % 60} ${Math.floor(minutes / 60)} * * *`;
}

describe('at every change of the clock of every zone', () => {
  const changes = everyChange();
  const gaps = changes.filter(({ fromMs, toMs }) => toMs > fromMs && toMs - fromMs <= 3 * HOUR_MS);
  const folds = changes.filter(({ fromMs, toMs }) => toMs < fromMs);

  it('there are gaps and repetitions to look at, and no repetition that cron takes for a correction', () => {
    expect(gaps.length).toBeGreaterThan(1_500);
    expect(folds.length).toBeGreaterThan(1_500);
    expect(folds.filter(({ fromMs, toMs }) => fromMs - toMs > 3 * HOUR_MS)).toEqual([]);
  });

  it('a fixed job in the gap is due at its end, and at its own time on the day after', () => {
    for (const { zone, at, fromMs, toMs } of gaps) {
      const localMs = at + fromMs + Math.floor((toMs - fromMs) / 120_000) * 60_000;
      const schedule = cron(dailyAt(localMs), zone.name);
      expect([zone.name, ...slotsAfter(schedule, at - 60_000, 1)]).toEqual([zone.name, at]);
      expect([zone.name, ...slotsAfter(schedule, at - 1, 1)]).toEqual([zone.name, at]);
      expect([zone.name, ...slotsAfter(schedule, at, 1)]).toEqual([zone.name, localMs + 24 * HOUR_MS - toMs]);
    }
  });

  it('a fixed job in the repeated time is due in the first pass only', () => {
    for (const { zone, at, fromMs, toMs } of folds) {
      const firstPassAt = at - Math.floor((fromMs - toMs) / 120_000) * 60_000;
      const schedule = cron(dailyAt(firstPassAt + fromMs), zone.name);
      expect([zone.name, ...slotsAfter(schedule, firstPassAt - 1, 2)]).toEqual([
        zone.name,
        firstPassAt,
        firstPassAt + 24 * HOUR_MS + fromMs - toMs,
      ]);
    }
  });

  it('a wildcard job goes on in real time', () => {
    const stepMs = 300_000;
    for (const { zone, at } of [...gaps, ...folds]) {
      const slots = slotsAfter(cron('*/5 * * * *', zone.name), at - 2 * stepMs - 1, 4);
      // Not every clock is changed at a full five minutes: some were at 00:01.
      const first = Math.ceil(at / stepMs - 2) * stepMs;
      const expected = [first, first + stepMs, first + 2 * stepMs, first + 3 * stepMs];
      expect([zone.name, ...slots]).toEqual([zone.name, ...expected]);
    }
  });
});
