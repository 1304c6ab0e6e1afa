import { describe, expect, it } from '@jest/globals';
import { ZONE_TABLE, ZONE_TABLE_VERSION } from './zone-table.generated.ts';
import { compileSchedule, nextSlotAfter } from './schedule.ts';
import { ZONE_DIFFERENCES } from './zone-differences.generated.ts';
import { nearestZoneNames } from './zone-problem.ts';
import {
  allZoneNames,
  INITIAL_ZONE_VERSION,
  isKnownZoneVersion,
  offsetAt,
  offsetOfStretch,
  stretchAt,
  stretchBeginsAt,
  ZONE_VERSIONS,
  zoneNamed,
  type Zone,
} from './zone.ts';

function zone(name: string): Zone {
  const found = zoneNamed(name);
  if (found === null) throw new Error(`${name} is not in the table`);
  return found;
}

/** The changes of the clock in a year, and the offset after each in minutes. */
function changesIn(name: string, year: number): [at: string, minutes: number][] {
  const changes: [string, number][] = [];
  const known = zone(name);
  for (let index = stretchAt(known, Date.UTC(year, 0, 1)) + 1; ; index += 1) {
    const at = stretchBeginsAt(known, index);
    if (at >= Date.UTC(year + 1, 0, 1)) return changes;
    changes.push([new Date(at).toISOString().slice(0, 16), offsetOfStretch(known, index) / 60_000]);
  }
}

describe('the table of zones', () => {
  it('says which data it was made from and knows all of it', () => {
    expect(ZONE_TABLE_VERSION).toMatch(/^20\d\d[a-z]$/);
    expect([...allZoneNames()].length).toBeGreaterThan(590);
    expect(JSON.stringify(ZONE_TABLE).length).toBeLessThan(150_000);
  });

  it('decodes every zone to changes in order, no two within a day, and offsets that people live by', () => {
    const wrong: [string, number][] = [];
    for (const name of allZoneNames()) {
      const known = zone(name);
      const count = known.changesAt.length + 3 * known.yearly.length;
      for (let index = 1; index <= count; index += 1) {
        const beginsAt = stretchBeginsAt(known, index);
        const isFine =
          beginsAt - stretchBeginsAt(known, index - 1) > 86_400_000 &&
          Math.abs(offsetOfStretch(known, index)) <= 14 * 3_600_000 &&
          stretchAt(known, beginsAt) === index &&
          stretchAt(known, beginsAt - 1) === index - 1;
        if (!isFine) wrong.push([name, index]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has the offsets of known instants', () => {
    const hours = (name: string, at: string): number => offsetAt(zone(name), Date.parse(at)) / 3_600_000;
    expect(hours('Europe/Berlin', '2026-03-29T00:59:59Z')).toBe(1);
    expect(hours('Europe/Berlin', '2026-03-29T01:00:00Z')).toBe(2);
    expect(hours('Asia/Kathmandu', '2026-01-01T00:00:00Z')).toBe(5.75);
    expect(hours('Pacific/Apia', '2011-12-30T09:59:59Z')).toBe(-10);
    expect(hours('Pacific/Apia', '2011-12-30T10:00:00Z')).toBe(14);
    expect(hours('Etc/GMT-2', '2026-01-01T00:00:00Z')).toBe(2);
    expect(hours('Europe/Istanbul', '2010-07-01T00:00:00Z')).toBe(3);
  });

  it('gives the same zone for the same name, and none for the names of things that are no zones', () => {
    expect(zoneNamed('UTC')).toBe(zoneNamed('UTC'));
    for (const name of ['', 'utc', 'Factory', 'toString', '__proto__']) expect(zoneNamed(name)).toBeNull();
  });
});

describe('versions of the table', () => {
  const slotAt = (version: string): string => {
    const nightly = { kind: 'cron', expressions: ['0 4 * * *'], zone: 'America/Asuncion' } as const;
    const result = compileSchedule(nightly, version);
    if (!result.ok) throw new Error(result.problem);
    return new Date(nextSlotAfter(result.compiled, Date.UTC(2026, 6, 1)) ?? 0).toISOString();
  };

  it('begin with the one of every log, which is written whole and never changes', () => {
    expect(INITIAL_ZONE_VERSION).toBe('2025c');
    expect(ZONE_TABLE_VERSION).toBe(INITIAL_ZONE_VERSION);
    expect(isKnownZoneVersion(INITIAL_ZONE_VERSION)).toBe(true);
  });

  it('are listed from the oldest to the newest, and others are not known', () => {
    expect(ZONE_VERSIONS).toEqual(['2024b', '2025c']);
    for (const version of ['', '2025d', '2019a', 'constructor']) {
      expect(isKnownZoneVersion(version)).toBe(false);
      expect(() => zoneNamed('UTC', version)).toThrow('Bug: ');
    }
  });

  it('differ where a government changed its mind: Paraguay keeps summer time since the winter of 2025', () => {
    expect(slotAt('2024b')).toBe('2026-07-01T08:00:00.000Z');
    expect(slotAt('2025c')).toBe('2026-07-01T07:00:00.000Z');
    expect(slotAt('2024b')).toBe('2026-07-01T08:00:00.000Z');
  });

  it('hold only what differs, and share all the rest', () => {
    expect(ZONE_DIFFERENCES.map(({ rows }) => rows.map(([names]) => names))).toEqual([['America/Asuncion']]);
    expect(zoneNamed('Europe/Berlin', '2024b')).toBe(zoneNamed('Europe/Berlin', '2025c'));
    expect(zoneNamed('America/Asuncion', '2024b')).not.toBe(zoneNamed('America/Asuncion'));
  });

  it('know every name in each: a zone that came later is not lost when an older one is gone over to', () => {
    // Split from its region in 2025.
    expect(zoneNamed('America/Coyhaique', '2024b')).not.toBeNull();
    expect([...allZoneNames('2024b')].sort()).toEqual([...allZoneNames()].sort());
  });
});

describe('after the table', () => {
  it('the clock goes on by the rule of the years before, through the century that is no leap year', () => {
    expect(changesIn('Europe/Berlin', 2041)).toEqual([
      ['2041-03-31T01:00', 120],
      ['2041-10-27T01:00', 60],
    ]);
    expect(changesIn('Europe/Berlin', 2101)).toEqual([
      ['2101-03-27T01:00', 120],
      ['2101-10-30T01:00', 60],
    ]);
    expect(changesIn('America/New_York', 2101)).toEqual([
      ['2101-03-13T07:00', -240],
      ['2101-11-06T06:00', -300],
    ]);
    expect(changesIn('Australia/Lord_Howe', 2041)).toEqual([
      ['2041-04-06T15:00', 630],
      ['2041-10-05T15:30', 660],
    ]);
    expect(changesIn('Africa/Cairo', 2047)).toEqual([
      ['2047-04-25T22:00', 180],
      ['2047-10-31T21:00', 120],
    ]);
  });

  it('nothing changes where nothing changes now, whatever the past', () => {
    expect(changesIn('Europe/Istanbul', 2042)).toEqual([]);
    expect(changesIn('Europe/Moscow', 2042)).toEqual([]);
    expect(offsetAt(zone('Europe/Istanbul'), Date.UTC(2042, 6, 1))).toBe(3 * 3_600_000);
  });
});

describe('names like an unknown one', () => {
  it('are three, the nearest first', () => {
    expect(nearestZoneNames('Europe/Berln')[0]).toBe('Europe/Berlin');
    expect(nearestZoneNames('Amsterdm')[0]).toBe('Europe/Amsterdam');
    expect(nearestZoneNames('')).toHaveLength(3);
  });
});
