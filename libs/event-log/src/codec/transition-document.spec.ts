import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { TRANSITION_TYPES, type CheckTransition, type TransitionCause } from '#domain';
import { decodeVerdict } from './codec.ts';
import { transitionDocument } from './transition-document.ts';

const FOLDER = new URL('./golden/', import.meta.url);

/** The recorded sample of a transition. */
function sample(type: string): CheckTransition {
  const decoded = decodeVerdict(readFileSync(new URL(`${type}.v1.golden.json`, FOLDER), 'utf8').trimEnd());
  if (!decoded.ok || decoded.event.type === 'coverage.hole') throw new Error(`no transition: ${type}`);
  return decoded.event;
}

const causeOf = (cause: TransitionCause) => transitionDocument({ ...sample('check.up'), cause }).cause;

describe('a transition for the world outside', () => {
  it.each(TRANSITION_TYPES)(
    'is in snake case throughout, with instants that a person can read: %s',
    (type) => {
      const text = JSON.stringify(transitionDocument(sample(type)));
      const keys = [...text.matchAll(/"(\w+)":/g)].map(([, key]) => key);
      expect(keys.filter((key) => key !== key?.toLowerCase())).toEqual([]);
      expect(text).not.toMatch(/\d{13}/);
    },
  );

  it('says all that happened and nothing of how it is kept', () => {
    expect(Object.keys(transitionDocument(sample('check.missed')))).toEqual([
      'id',
      'seq',
      'type',
      'at',
      'expected_at',
      'deadline_at',
      'status_before',
      'status_after',
      'reason',
      'config_version',
      'missed_in_a_row',
      'failed_in_a_row',
      'downtime_seconds',
      'hold',
      'cause',
    ]);
    expect(transitionDocument(sample('check.missed')).hold).toBe(true);
    expect(readdirSync(FOLDER).length).toBeGreaterThan(TRANSITION_TYPES.length);
  });
});

describe('the cause of a transition', () => {
  const at = Date.UTC(2026, 2, 2, 12);
  const iso = '2026-03-02T12:00:00.000Z';

  it.each<[TransitionCause, object]>([
    [
      { kind: 'ping', offset: 9, n: 2, exitStatus: 3, durationMs: 1_500, lateEnd: true },
      { offset: 9, n: 2, exitstatus: 3, duration_seconds: 1.5, late_end: true },
    ],
    [
      { kind: 'deadline', lastPingOffset: 9, graceMs: 60_000, extendedByMs: 5_000, openRunSinceAt: at },
      { last_ping_offset: 9, grace_seconds: 60, extended_by_seconds: 5, open_run_since: iso },
    ],
    [
      { kind: 'run', rid: 'r', startedAt: at, maxRuntimeMs: 20_000, extendedByMs: 0, lastSignAt: at },
      { rid: 'r', started_at: iso, max_runtime_seconds: 20, extended_by_seconds: 0, last_sign_at: iso },
    ],
    [
      { kind: 'runs', offset: 9, n: 2, rid: 'r', otherRid: null, otherStartedAt: at },
      { offset: 9, n: 2, rid: 'r', other_rid: null, other_started_at: iso },
    ],
    [
      { kind: 'baseline', offset: 9, n: 2, durationMs: 10_000, medianMs: 2_000, samples: 11 },
      { offset: 9, n: 2, duration_seconds: 10, median_seconds: 2, samples: 11 },
    ],
    [
      { kind: 'hole', fromAt: at, untilAt: at },
      { from: iso, until: iso },
    ],
    [
      { kind: 'retraction', offset: 9, n: 2, receivedAt: at, retractedSeq: 4 },
      { offset: 9, n: 2, received_at: iso, retracted_seq: 4 },
    ],
  ])('is told with its facts: %j', (cause, told) => {
    expect(causeOf(cause)).toEqual({ kind: cause.kind, ...told });
  });

  it('shows broken assertions as the API takes them, with what was seen in the same unit', () => {
    const severity = 'failed';
    const cause: TransitionCause = {
      kind: 'assertion',
      offset: null,
      n: null,
      broken: [
        { assertion: { kind: 'min_duration', durationMs: 5_000, severity }, observed: 1_500, limit: 5_000 },
        {
          assertion: { kind: 'throughput', metric: null, atLeast: 5, windowMs: 60_000, severity },
          observed: 3,
          limit: 5,
        },
      ],
    };
    expect(causeOf(cause)).toEqual({
      kind: 'assertion',
      offset: null,
      n: null,
      broken: [
        { assertion: { kind: 'min_duration', duration: 5, severity }, observed: 1.5, limit: 5 },
        {
          assertion: { kind: 'throughput', metric: null, at_least: 5, window: 60, severity },
          observed: 3,
          limit: 5,
        },
      ],
    });
  });
});
