import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ALL_RULES } from '../../libs/domain/src/check/rule-switches.ts';
import type { Beat } from '../../libs/domain/src/event/event.ts';
import type { PingReceived } from '../../libs/domain/src/event/ping.ts';
import { INITIAL_ZONE_VERSION } from '../../libs/domain/src/schedule/schedule.ts';
import { isOnCheck } from './invariants/finding.ts';
import { NaiveCheck } from './oracle/naive-check.ts';
import { foldOn, refold } from './refold.ts';
import { SMALL_CHECKS, SmallWorld, type Happening } from './small-world.ts';
import { digestOf, piecesOf, stateOf } from './snapshot-codec.ts';

// At most 50 happenings, so that what fast-check leaves of a failure can be followed by hand.
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 15_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('flush' as const),
      ingest: fc.integer({ min: 0, max: 1 }),
      twice: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('ping' as const),
      ingest: fc.integer({ min: 0, max: 1 }),
      check: fc.integer({ min: 0, max: 2 }),
      as: fc.constantFrom('success' as const, 'success' as const, 'start' as const, 'fail' as const),
      rid: fc.constantFrom(null, 'a', 'b'),
    }),
  },
);
const smallWorld = fc.array(happening, { maxLength: 50 }).map((happenings) => new SmallWorld(happenings));
const RUNS = { numRuns: 400 };

const KNOWN = new Set(['check.late', 'check.missed', 'check.failed', 'check.hung', 'check.recovered']);

/** As the fold has them: at the same instant by who took them. */
function byStamp(left: PingReceived, right: PingReceived): number {
  if (left.receivedAt !== right.receivedAt) return left.receivedAt - right.receivedAt;
  return left.producer === right.producer ? left.pseq - right.pseq : left.producer < right.producer ? -1 : 1;
}

function verdictsOf(beats: readonly Beat[]): string[] {
  return refold(beats, 0, ALL_RULES).pronounced.map(({ verdict }) => {
    const status = isOnCheck(verdict) ? verdict.statusAfter : '';
    return `${verdict.id} ${verdict.type} ${verdict.at} ${status}`;
  });
}

describe('a small world in which nobody dies', () => {
  it('is judged exactly as naively told from its pings', () => {
    fc.assert(
      fc.property(smallWorld, (world) => {
        for (const definition of SMALL_CHECKS) {
          const pings = world.pings.filter(({ checkId }) => checkId === definition.checkId).sort(byStamp);
          const first = pings.findIndex(({ kind }) => kind !== 'start');
          const begin = pings[first];
          // A run that was opened before the first report is not known to the naive model.
          if (begin === undefined || first > 0) continue;
          const naive = new NaiveCheck(definition, INITIAL_ZONE_VERSION);
          naive.begin(begin);
          for (const ping of pings.slice(1)) naive.ping(ping);
          naive.pass(world.nowAt);
          const found = refold(world.beats, 0, ALL_RULES).pronounced.flatMap(({ verdict }) =>
            isOnCheck(verdict) && verdict.checkId === definition.checkId && KNOWN.has(verdict.type)
              ? [verdict]
              : [],
          );
          const begun = found.filter(({ at, type }) => at > begin.receivedAt || type !== 'check.failed');
          const optional = new Set(
            naive.expected.filter((each) => each.optional).map(({ type, at }) => `${type} ${at}`),
          );
          const told = begun.map(({ type, at }) => `${type} ${at}`).filter((name) => !optional.has(name));
          const expected = naive.expected
            .map(({ type, at }) => `${type} ${at}`)
            .filter((name) => !optional.has(name));
          if (pings.filter(({ receivedAt }) => receivedAt === begin.receivedAt).length > 1) continue;
          expect(told.sort()).toEqual(expected.sort());
        }
      }),
      RUNS,
    );
  });

  it('comes out the same from a snapshot at any place', () => {
    fc.assert(
      fc.property(smallWorld, fc.nat(), (world, place) => {
        const whole = refold(world.beats, 0, ALL_RULES);
        const half = refold(world.beats.slice(0, place % (world.beats.length + 1)), 0, ALL_RULES);
        const restored = stateOf(piecesOf(half.state), ALL_RULES);
        expect(restored).not.toBeNull();
        if (restored === null) return;
        const rest = foldOn(restored, world.beats);
        expect([...half.pronounced, ...rest.pronounced]).toEqual(whole.pronounced);
        expect(digestOf(restored)).toBe(digestOf(whole.state));
      }),
      RUNS,
    );
  });

  it('is judged alike however often the time is told', () => {
    fc.assert(
      fc.property(smallWorld, (world) => {
        const last = new Map<string, Beat>();
        const sparser = world.beats.filter((beat, offset) => {
          const next = world.beats[offset + 1];
          // A watermark may go when the next record is one of the same producer.
          return !(
            beat.type === 'watermark' &&
            next?.type === 'watermark' &&
            next.producer === beat.producer
          );
        });
        const denser = world.beats.flatMap((beat) => {
          const told = last.get(beat.producer);
          if (beat.type === 'watermark') last.set(beat.producer, beat);
          return told === undefined || beat.type === 'ping.received' ? [beat] : [told, beat];
        });
        expect(verdictsOf(sparser)).toEqual(verdictsOf(world.beats));
        expect(verdictsOf(denser)).toEqual(verdictsOf(world.beats));
      }),
      RUNS,
    );
  });
});
