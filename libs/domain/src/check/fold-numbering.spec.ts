import { describe, expect, it } from '@jest/globals';
import type { Beat } from '../event/event.ts';
import { CHECK, OTHER_CHECK, listening } from './timeline.contract.ts';

describe('a record that was appended twice', () => {
  it('counts once, whatever it is', () => {
    const once = listening().ping('12:00:00').change('check.paused').ping('12:00:30').leave('a', '12:01:00');
    const twice = listening();
    for (const beat of once.beats.slice(twice.beats.length)) twice.record(beat).record(beat);
    expect(twice.told()).toEqual(once.told());
    expect(twice.check().pingCount).toBe(once.check().pingCount);
    expect(twice.state.joined).toEqual(once.state.joined);
  });

  it('is named among what was dropped', () => {
    const line = listening().unclosedPing('12:00:00');
    const ping = line.beats.at(-1);
    if (ping !== undefined) line.record(ping);
    expect(line.effects.at(-1)).toEqual({ kind: 'dropped', offset: 3, reason: 'repeated' });
    expect(line.passes('12:00:01').check().pingCount).toBe(1);
  });

  it('counts once also when a whole append came twice', () => {
    const line = listening().ping('12:00:00').ping('12:00:10').ping('12:00:20');
    for (const beat of line.beats.slice(2)) line.record(beat);
    expect(line.check().pingCount).toBe(3);
    expect(line.dropped()).toEqual(['repeated', 'repeated', 'repeated']);
  });
});

describe('a record that is missing', () => {
  it('is noticed by the number that follows it', () => {
    const line = listening().ping('12:00:00');
    const lost = listening().ping('12:00:00').ping('12:00:10').ping('12:00:20');
    for (const beat of lost.beats.slice(6)) line.record(beat);
    expect(line.effects.filter((effect) => effect.kind === 'gap')).toEqual([
      { kind: 'gap', offset: 4, producer: 'a/1', missing: 1 },
    ]);
    expect(line.check().pingCount).toBe(2);
  });

  it('is noticed by the watermark that should have followed it, once', () => {
    const line = listening().ping('12:00:00');
    const lost = listening().ping('12:00:00').ping('12:00:10').ping('12:00:20');
    for (const beat of lost.beats.slice(5, 7)) line.record(beat);
    expect(line.effects.filter((effect) => effect.kind === 'gap')).toHaveLength(1);
  });

  it('is nobody else’s: every ingest and every epoch of it counts for itself', () => {
    const line = listening().join('b', '11:00').ping('12:00:00').ping('12:00:01', { via: 'b' });
    line.join('a', '12:00:02').ping('12:00:03');
    expect(line.effects.some((effect) => effect.kind === 'gap')).toBe(false);
  });
});

describe('verdicts', () => {
  it('are numbered without a gap per check and per partition, and named by check and number', () => {
    const line = listening().configure({ checkId: OTHER_CHECK });
    line.ping('12:00:00').ping('12:00:05', { checkId: OTHER_CHECK }).passes('12:03:00');
    expect(line.verdicts.map(({ oseq }) => oseq)).toEqual(line.verdicts.map((_, index) => index + 1));
    for (const checkId of [CHECK, OTHER_CHECK]) {
      const own = line.verdicts.flatMap((one) => ('checkId' in one && one.checkId === checkId ? [one] : []));
      expect(own.map(({ seq }) => seq)).toEqual(own.map((_, index) => index + 1));
      expect(own.map(({ id }) => id)).toEqual(own.map(({ seq }) => `${checkId}:${seq}`));
    }
  });

  it('of one instant come in the order of the checks’ ids', () => {
    const line = listening({ checkId: OTHER_CHECK }).configure();
    line.unclosedPing('12:00:00', { checkId: OTHER_CHECK }).ping('12:00:00').passes('12:01:11');
    const ids = line.verdicts.flatMap((one) => (one.type === 'check.missed' ? [one.checkId] : []));
    expect(ids).toEqual([CHECK, OTHER_CHECK]);
  });

  it('on pings of one instant come in the order of who took them', () => {
    const orders = [
      ['a', 'b'],
      ['b', 'a'],
    ].map((order) => {
      const line = listening().join('b', '11:00');
      for (const via of order) line.unclosedPing('12:00:00', { via, kind: via === 'a' ? 'fail' : 'success' });
      return line.passes('12:00:01').told();
    });
    expect(orders[0]).toEqual(['12:00:00 check.failed down', '12:00:00 check.recovered up']);
    expect(orders[1]).toEqual(orders[0]);
  });
});

describe('a bug in the middle of a record', () => {
  it('stops the partition, because going on with half of it would lose verdicts', () => {
    const line = listening().ping('12:00:00');
    const broken: unknown = { ...line.beats[2], pseq: 2, kind: 'surprise' };
    expect(() => line.record(broken as Beat)).toThrow('Bug: unexpected value "surprise"');
    expect(() => line.watermark('a', '12:00:30')).toThrow('Bug: record 4 was folded by half');
  });
});
