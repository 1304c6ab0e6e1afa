import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { CheckRules } from '../check/definition.ts';
import { fold } from '../check/fold.ts';
import { newPartitionState } from '../check/partition-state.ts';
import { CHECK, MINUTE, OTHER_CHECK, SECOND, listening, type Timeline } from '../check/timeline.contract.ts';
import type { Beat } from '../event/event.ts';
import { foldWith } from './fold-with.ts';

// The naive way: edit the log by hand, fold it, write down who is down from when until when, and compare all pairs.

type Act =
  | { readonly do: 'ping'; readonly checkId: string; readonly kind: 'success' | 'fail' }
  | { readonly do: 'pass' }
  | { readonly do: 'check.paused' | 'check.resumed' | 'check.removed'; readonly checkId: string }
  | { readonly do: 'configure'; readonly checkId: string; readonly graceMs: number };

const checkId = fc.constantFrom(CHECK, OTHER_CHECK);
const ping = fc.record({
  do: fc.constant('ping' as const),
  checkId,
  kind: fc.constantFrom('success' as const, 'success' as const, 'success' as const, 'fail' as const),
});
const pass = fc.record({ do: fc.constant('pass' as const) });
const change = fc.record({ do: fc.constantFrom('check.paused', 'check.resumed', 'check.removed'), checkId });
const configure = fc.record({
  do: fc.constant('configure' as const),
  checkId,
  graceMs: fc.integer({ min: 0, max: 90 }).map((seconds) => seconds * SECOND),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: ping },
  { weight: 4, arbitrary: pass },
  { weight: 1, arbitrary: change },
  { weight: 1, arbitrary: configure },
);
const story = fc.array(fc.tuple(fc.integer({ min: 1, max: 150 }), act), {
  minLength: 12,
  maxLength: 40,
  size: 'max',
});

const set: fc.Arbitrary<Partial<CheckRules>> = fc.record(
  {
    graceMs: fc.integer({ min: 0, max: 3 * MINUTE }),
    missedThreshold: fc.integer({ min: 1, max: 3 }),
    failedThreshold: fc.integer({ min: 1, max: 3 }),
    recoveryThreshold: fc.integer({ min: 1, max: 3 }),
    schedule: fc.constantFrom(
      { kind: 'interval', periodMs: 40 * SECOND } as const,
      { kind: 'interval', periodMs: 3 * MINUTE } as const,
      { kind: 'cron', expressions: ['*/2 * * * *'], zone: 'UTC' } as const,
      { kind: 'none' } as const,
    ),
  },
  { requiredKeys: [] },
);

/** So that a change can make more alarms as well as fewer. */
const LENIENT = { schedule: { kind: 'interval', periodMs: 2 * MINUTE }, graceMs: MINUTE } as const;
const NOON_SECONDS = 12 * 3_600;

function timelineOf(acts: readonly (readonly [number, Act])[]): Timeline {
  const line = listening(LENIENT).configure({ ...LENIENT, checkId: OTHER_CHECK });
  let seconds = NOON_SECONDS;
  let version = 1;
  for (const [later, one] of acts) {
    seconds += later;
    const time = `${Math.floor(seconds / 3_600)}:${Math.floor(seconds / 60) % 60}:${seconds % 60}`;
    version += 1;
    if (one.do === 'ping') line.ping(time, one);
    else line.passes(time);
    if (one.do === 'configure')
      line.configure({ ...LENIENT, checkId: one.checkId, graceMs: one.graceMs, configVersion: version });
    else if (one.do !== 'ping' && one.do !== 'pass') line.change(one.do, one.checkId);
  }
  return line;
}

interface Noted {
  readonly checkId: string;
  readonly downAt: number;
  readonly expectedAt: number | null;
  until: number;
}

function notedAlarms(beats: readonly Beat[]): Noted[] {
  const state = newPartitionState(0);
  const noted: Noted[] = [];
  const end = (id: string, at: number) => {
    const open = noted.find((one) => one.checkId === id && one.until === Infinity);
    if (open !== undefined) open.until = at;
  };
  for (const [offset, beat] of beats.entries()) {
    for (const one of fold(state, offset, beat).verdicts) {
      if (one.type === 'coverage.hole') continue;
      if (one.statusBefore === 'down' && one.statusAfter !== 'down') end(one.checkId, one.at);
      if (one.statusBefore === 'down' || one.statusAfter !== 'down') continue;
      noted.push({ checkId: one.checkId, downAt: one.at, expectedAt: one.expectedAt, until: Infinity });
    }
    if (beat.type === 'check.paused' || beat.type === 'check.removed') end(beat.checkId, state.clockAt);
  }
  return noted;
}

const isAtOnce = (left: Noted, right: Noted) =>
  left.checkId === right.checkId && Math.max(left.downAt, right.downAt) < Math.min(left.until, right.until);
const isForTheSame = (left: Noted, right: Noted) =>
  left.checkId === right.checkId && left.expectedAt !== null && left.expectedAt === right.expectedAt;

function naively(before: readonly Noted[], after: readonly Noted[]) {
  const counterparts = new Map<Noted, Noted>();
  const pairUp = (isSame: typeof isAtOnce) => {
    for (const one of before.filter((each) => !counterparts.has(each))) {
      const used = [...counterparts.values()];
      const found = after.find((other) => !used.includes(other) && isSame(one, other));
      if (found !== undefined) counterparts.set(one, found);
    }
  };
  pairUp(isAtOnce);
  pairUp(isForTheSame);
  const taken = [...counterparts.values()];
  const pairs = before.flatMap((one) => {
    const other = counterparts.get(one);
    return other === undefined ? [] : [[one.downAt, other.downAt] as const];
  });
  return {
    before,
    after,
    fewer: before.filter((one) => !counterparts.has(one)),
    more: after.filter((one) => !taken.includes(one)),
    earlier: pairs.filter(([was, is]) => is < was),
    later: pairs.filter(([was, is]) => is > was),
  };
}

function edited(beats: readonly Beat[], ids: readonly string[], rules: Partial<CheckRules>): Beat[] {
  const copies: Beat[] = JSON.parse(JSON.stringify(beats));
  for (const copy of copies) {
    if (copy.type === 'check.configured' && ids.includes(copy.definition.checkId))
      Object.assign(copy.definition, rules);
  }
  return copies;
}

const WAYS = ['fewer', 'more', 'earlier', 'later'] as const;

describe('what if, against a fold of a log that was edited by hand', () => {
  it('finds the same alarms and the same differences', () => {
    const seen = { fewer: 0, more: 0, earlier: 0, later: 0 };
    fc.assert(
      fc.property(story, set, fc.subarray([CHECK, OTHER_CHECK]), (acts, rules, ids) => {
        const { beats } = timelineOf(acts);
        const result = foldWith(
          beats.map((beat, offset) => ({ offset, beat })),
          { checkIds: ids.length === 2 ? 'all' : ids, set: rules },
        );
        if (!result.ok) throw new Error(result.problem);
        const wanted = naively(notedAlarms(beats), notedAlarms(edited(beats, ids, rules)));
        const plain = (alarms: typeof result.before): Noted[] =>
          alarms.map((alarm) => ({
            checkId: alarm.checkId,
            downAt: alarm.downAt,
            expectedAt: alarm.transition.expectedAt,
            until: alarm.untilAt ?? Infinity,
          }));
        const moved = (pairs: typeof result.earlier) =>
          pairs.map((pair) => [pair.before.downAt, pair.after.downAt]);
        expect({
          before: plain(result.before),
          after: plain(result.after),
          fewer: plain(result.fewer),
          more: plain(result.more),
          earlier: moved(result.earlier),
          later: moved(result.later),
        }).toEqual(wanted);
        const { before, after, fewer, more } = result;
        expect(before.length - fewer.length).toBe(after.length - more.length);
        for (const way of WAYS) seen[way] += result[way].length;
      }),
      { numRuns: 150 },
    );
    // Each way in which alarms can differ did occur.
    for (const way of WAYS) expect([way, seen[way] > 0]).toEqual([way, true]);
  });
});
