import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compileSchedule, nextSlotAfter, previousSlotAtOrBefore, type CompiledSchedule } from './schedule.ts';
import { segmentAt, zoneNamed } from './zone.ts';

interface GoldenCase {
  id: string;
  expression: string;
  zone: string;
  after: string;
  slots: string[];
}

const golden: GoldenCase[] = JSON.parse(
  readFileSync(new URL('./cron-slots.golden.json', import.meta.url), 'utf8'),
);

function cron(expression: string, zone: string): CompiledSchedule {
  const result = compileSchedule({ kind: 'cron', expression, zone });
  if (!result.ok) throw new Error(result.problem);
  return result.compiled;
}

/** Occurrences one after the other, as instants in text. */
function slotsAfter(schedule: CompiledSchedule, after: string, count: number): string[] {
  const slots: string[] = [];
  let at = Date.parse(after);
  for (let index = 0; index < count; index += 1) {
    const next = nextSlotAfter(schedule, at);
    if (next === null) break;
    slots.push(new Date(next).toISOString().replace('.000', ''));
    at = next;
  }
  return slots;
}

/** A small seeded generator, so that a failure can be repeated. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

describe('cron occurrences', () => {
  it.each(golden.map((one) => [`${one.id} ${one.expression} ${one.zone}`, one] as const))(
    'agree with the observed rule: %s',
    (_name, { expression, zone, after, slots }) => {
      expect(slotsAfter(cron(expression, zone), after, slots.length)).toEqual(slots);
    },
  );

  it('never lie in the past, even from within a repeated hour', () => {
    const schedule = cron('30 2 * * *', 'Europe/Berlin');
    const from = Date.parse('2026-10-25T01:23:00Z');
    expect(nextSlotAfter(schedule, from)).toBe(Date.parse('2026-10-26T01:30:00Z'));
  });

  it('are the same when walked minute by minute by the rule taken literally', () => {
    const random = seeded(7);
    const zones = [
      'Europe/Berlin',
      'America/Havana',
      'Australia/Lord_Howe',
      'Antarctica/Troll',
      'America/Nuuk',
      'UTC',
    ];
    for (let round = 0; round < 120; round += 1) {
      const zone = zones[random(zones.length)] ?? 'UTC';
      const minute = ['*', '*/15', '0', '30', '5,35', '0-10/5'][random(6)] ?? '0';
      const hour = ['*', '*/2', '2', '0', '1-3', '23', '3,4'][random(7)] ?? '2';
      const startAt = Date.parse(
        ['2026-03-27T00:00:00Z', '2026-10-23T00:00:00Z', '2026-04-03T00:00:00Z'][random(3)] ?? '',
      );
      const endAt = startAt + 4 * 86_400_000;
      const schedule = cron(`${minute} ${hour} * * *`, zone);
      const walked = walk({ minute, hour, zone }, startAt, endAt);
      const found: number[] = [];
      for (
        let at = nextSlotAfter(schedule, startAt - 1);
        at !== null && at < endAt;
        at = nextSlotAfter(schedule, at)
      ) {
        found.push(at);
      }
      expect({ minute, hour, zone, startAt, slots: found }).toEqual({
        minute,
        hour,
        zone,
        startAt,
        slots: walked,
      });
      const last = found.at(-1);
      if (last !== undefined) expect(previousSlotAtOrBefore(schedule, endAt - 1)).toBe(last);
    }
  });
});

function expand(field: string, max: number): Set<number> {
  const values = new Set<number>();
  for (const item of field.split(',')) {
    const [range = '*', step = '1'] = item.split('/');
    const [low, high] =
      range === '*' ? [0, max] : [Number(range.split('-')[0]), Number(range.split('-').at(-1))];
    for (let value = low; value <= high; value += Number(step)) values.add(value);
  }
  return values;
}

/** The rule, taken literally: look at every minute of real time, and at what the clock on the wall shows. */
function walk(job: { minute: string; hour: string; zone: string }, startAt: number, endAt: number): number[] {
  const zone = zoneNamed(job.zone);
  if (zone === null) throw new Error('no zone');
  const minutes = expand(job.minute, 59);
  const hours = expand(job.hour, 23);
  const wildcard = job.minute.startsWith('*') || job.hour.startsWith('*');
  const due: number[] = [];
  const shown = new Set<number>();
  const seen = (local: number): boolean => {
    const known = shown.has(local);
    shown.add(local);
    return known;
  };
  const matches = (local: number): boolean =>
    hours.has(Math.floor(local / 3_600_000) % 24) && minutes.has(Math.floor(local / 60_000) % 60);
  for (let at = startAt - 86_400_000; at < endAt; at += 60_000) {
    const local = at + segmentAt(zone, at).offsetMs;
    const before = at - 60_000 + segmentAt(zone, at - 60_000).offsetMs;
    const repeated = seen(local);
    let hit = matches(local) && (wildcard || !repeated);
    if (!wildcard && local - before > 60_000) {
      for (let skipped = before + 60_000; skipped < local; skipped += 60_000)
        if (matches(skipped)) hit = true;
    }
    if (hit && at >= startAt) due.push(at);
  }
  return due;
}
