import { describe, expect, it } from '@jest/globals';
import {
  CHECK,
  HOUR,
  MINUTE,
  OTHER_CHECK,
  SECOND,
  listening,
  timeOf,
  type Timeline,
} from '../check/timeline.contract.ts';
import { INITIAL_ZONE_VERSION } from '../schedule/schedule.ts';
import { foldWith, type Alarm, type RulesChange, type WhatIf } from './fold-with.ts';

const records = ({ beats }: Timeline) => beats.map((beat, offset) => ({ offset, beat }));
const shown = ({ transition, downAt, untilAt, ending }: Alarm) =>
  `${timeOf(downAt)} ${transition.type} ${untilAt === null ? '' : timeOf(untilAt)} ${ending}`;

function tried(line: Timeline, set: RulesChange['set'], checkIds: RulesChange['checkIds'] = 'all') {
  const result: WhatIf = foldWith(records(line), { checkIds, set });
  if (!result.ok) throw new Error(result.problem);
  const { before, after, fewer, more, earlier, later } = result;
  const moved = (pairs: typeof earlier) =>
    pairs.map((pair) => `${timeOf(pair.before.downAt)} -> ${timeOf(pair.after.downAt)}`);
  return {
    before: before.map(shown),
    after: after.map(shown),
    fewer: fewer.map(shown),
    more: more.map(shown),
    earlier: moved(earlier),
    later: moved(later),
  };
}

/** A job for each minute that was 20 s late once, and away for four minutes once. */
const troubled = () =>
  listening().ping('12:00:00').ping('12:01:20').ping('12:02:00').ping('12:06:00').passes('12:06:30');

describe('what if a check had other rules', () => {
  it('has no difference for the rules that it has', () => {
    const same = tried(troubled(), { graceMs: 10 * SECOND });
    expect(same).toMatchObject({ fewer: [], more: [], earlier: [], later: [] });
    expect(same.before).toEqual([
      '12:01:10 check.missed 12:01:20 recovered',
      '12:03:10 check.missed 12:06:00 recovered',
    ]);
    expect(same.after).toEqual(same.before);
  });

  it('has fewer alarms with more grace, and those that stay are later', () => {
    const lenient = tried(troubled(), { graceMs: 30 * SECOND });
    expect(lenient.fewer).toEqual(['12:01:10 check.missed 12:01:20 recovered']);
    expect(lenient.later).toEqual(['12:03:10 -> 12:03:30']);
    expect(lenient).toMatchObject({ more: [], earlier: [] });
  });

  it('has more alarms with a shorter period, and those that stay are earlier', () => {
    const strict = tried(troubled(), { schedule: { kind: 'interval', periodMs: 25 * SECOND } });
    expect(strict.more).toEqual(['12:01:55 check.missed 12:02:00 recovered']);
    expect(strict.earlier).toEqual(['12:01:10 -> 12:00:35', '12:03:10 -> 12:02:35']);
    expect(strict).toMatchObject({ fewer: [], later: [] });
  });

  it('counts misses by the other threshold', () => {
    expect(tried(troubled(), { missedThreshold: 3 })).toMatchObject({
      fewer: ['12:01:10 check.missed 12:01:20 recovered'],
      later: ['12:03:10 -> 12:05:10'],
    });
  });

  it('counts an alarm once that is longer than before', () => {
    const back = listening().ping('12:00:00').passes('12:02:00').ping('12:02:30').ping('12:02:40');
    const slower = tried(back.passes('12:03:00'), { recoveryThreshold: 2 });
    expect(slower.before).toEqual(['12:01:10 check.missed 12:02:30 recovered']);
    expect(slower.after).toEqual(['12:01:10 check.missed 12:02:40 recovered']);
    expect(slower).toMatchObject({ fewer: [], more: [], earlier: [], later: [] });
  });

  it('takes alarms for one, that are for the same expected time', () => {
    const schedule = { kind: 'cron', expressions: ['0 * * * *'], zone: 'UTC' } as const;
    const line = listening({ schedule, graceMs: MINUTE }).ping('12:00:00', { text: 'ok' });
    line.ping('12:10:00', { kind: 'fail', text: 'ok' }).ping('12:20:00', { text: 'bad' });
    line.ping('12:30:00', { text: 'ok' }).passes('12:40:00');
    const keywords = { start: [], success: ['ok'], failure: ['bad'], otherwise: 'ignored' } as const;
    expect(tried(line, { bodyKeywords: keywords })).toMatchObject({
      before: ['12:10:00 check.failed 12:20:00 recovered'],
      after: ['12:20:00 check.failed 12:30:00 recovered'],
      fewer: [],
      more: [],
      later: ['12:10:00 -> 12:20:00'],
    });
  });

  it('takes those for one first that are down at the same time', () => {
    const schedule = { kind: 'cron', expressions: ['0 * * * *'], zone: 'UTC' } as const;
    const line = listening({ schedule, graceMs: MINUTE }).ping('12:00:00');
    line.ping('12:10:00', { kind: 'fail' }).ping('12:20:00');
    line.ping('12:30:00', { kind: 'fail' }).ping('12:40:00', { kind: 'fail' });
    expect(tried(line, { failedThreshold: 2 })).toMatchObject({
      fewer: ['12:10:00 check.failed 12:20:00 recovered'],
      more: [],
      later: ['12:30:00 -> 12:40:00'],
    });
  });

  it('keeps an alarm open that is not over at the end of the records', () => {
    const gone = tried(listening().ping('12:00:00').passes('12:05:00'), {});
    expect(gone.after).toEqual(['12:01:10 check.missed  still_down']);
  });

  it('ends an alarm when the check is paused or removed', () => {
    const line = listening().ping('12:00:00').passes('12:02:00').change('check.paused');
    line.ping('12:03:00').passes('12:05:00').change('check.removed').passes('12:06:00');
    expect(tried(line, {}).before).toEqual([
      '12:01:10 check.missed 12:02:00 withdrawn',
      '12:04:10 check.missed 12:05:00 withdrawn',
    ]);
  });

  it('changes the named checks only', () => {
    const line = listening().configure({ checkId: OTHER_CHECK }).ping('12:00:00');
    line.ping('12:00:00', { checkId: OTHER_CHECK }).passes('12:01:30');
    const one = foldWith(records(line), { checkIds: [CHECK], set: { graceMs: HOUR } });
    expect(one.ok && one.fewer.map(({ checkId }) => checkId)).toEqual([CHECK]);
    expect(one.ok && one.after.map(({ checkId }) => checkId)).toEqual([OTHER_CHECK]);
  });

  it('holds through every later configuration of the check', () => {
    const line = listening()
      .ping('12:00:00')
      .configure({ configVersion: 2, graceMs: 5 * SECOND })
      .passes('12:02:00');
    expect(tried(line, { graceMs: HOUR }).after).toEqual([]);
  });

  it('leaves the records as they are', () => {
    const line = troubled();
    const before = JSON.stringify(line.beats);
    tried(line, { graceMs: MINUTE });
    expect(JSON.stringify(line.beats)).toBe(before);
  });
});

describe('a change that cannot be tried', () => {
  const refused = (set: RulesChange['set'], checkIds: RulesChange['checkIds'] = 'all') => {
    const result = foldWith(records(troubled()), { checkIds, set });
    return result.ok ? null : result;
  };

  it('is refused with the sentence about its schedule', () => {
    const cron = (expression: string, zone = 'UTC') =>
      refused({ schedule: { kind: 'cron', expressions: [expression], zone } });
    expect(cron('0 0 30 2 *')).toMatchObject({ reason: 'unusable_schedule', field: 'schedule' });
    expect(cron('0 4 * * *', 'Mars/Base')).toMatchObject({ reason: 'unusable_schedule', field: 'tz' });
    expect(refused({ schedule: { kind: 'interval', periodMs: 0 } })?.problem).toMatch(/from 1 second/);
    expect(cron('0 4 * * *')).toBeNull();
  });

  it('is refused with the field of a number that no check may have', () => {
    expect(refused({ graceMs: -1 })).toMatchObject({ reason: 'unusable_number', field: 'graceMs' });
    expect(refused({ missedThreshold: 0 })).toMatchObject({ field: 'missedThreshold' });
    expect(refused({ recoveryThreshold: 1.5 })).toMatchObject({ field: 'recoveryThreshold' });
    expect(refused({ maxRuntimeMs: 0 })).toMatchObject({ field: 'maxRuntimeMs' });
    expect(refused({ maxRuntimeMs: null, progressIntervalMs: null, earlyToleranceMs: null })).toBeNull();
  });

  it('is refused for a check that the records do not know', () => {
    expect(refused({ graceMs: MINUTE }, [CHECK, OTHER_CHECK])).toMatchObject({
      reason: 'unknown_check',
      checkId: OTHER_CHECK,
    });
  });

  it('is judged by the zone tables that the records go over to as well', () => {
    const line = troubled().record({
      v: 1,
      type: 'tz.activated',
      producer: 'operator',
      epoch: 1,
      pseq: 1,
      version: INITIAL_ZONE_VERSION,
    });
    const schedule = { kind: 'cron', expressions: ['0 4 * * *'], zone: 'Mars/Base' } as const;
    expect(foldWith(records(line), { checkIds: 'all', set: { schedule } }).ok).toBe(false);
  });
});
