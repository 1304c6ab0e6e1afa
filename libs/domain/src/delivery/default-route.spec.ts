import { describe, expect, it } from '@jest/globals';
import type { CheckTransition, CoverageHole, TransitionType } from '../event/transition.ts';
import type { CheckStatus } from '../check/status.ts';
import { defaultRoute } from './default-route.ts';

function transition(
  type: TransitionType,
  statusBefore: CheckStatus,
  statusAfter: CheckStatus,
): CheckTransition {
  return {
    v: 1,
    type,
    id: 'check:1',
    checkId: 'check',
    projectId: 'project',
    seq: 1,
    oseq: 1,
    at: 0,
    expectedAt: null,
    deadlineAt: null,
    statusBefore,
    statusAfter,
    reason: 'first_ping',
    configVersion: 1,
    cause: { kind: 'hole', fromAt: 0, untilAt: 1 },
    missedInARow: 0,
    failedInARow: 0,
    downtimeMs: null,
    hold: false,
    tz: '2025c',
    rules: 1,
  };
}

const hole: CoverageHole = {
  v: 1,
  type: 'coverage.hole',
  id: 'partition-0:1',
  partition: 0,
  oseq: 1,
  at: 1,
  fromAt: 0,
  untilAt: 1,
};

describe('people are told', () => {
  it.each([
    ['check.missed', 'up'],
    ['check.failed', 'up'],
    ['check.hung', 'up'],
    ['check.failed', 'new'],
    ['check.hung', 'new'],
    ['check.missed', 'unknown'],
    ['check.failed', 'paused'],
  ] as const)('that a check went down: %s of one that was %s', (type, before) => {
    expect(defaultRoute(transition(type, before, 'down'))).toEqual({ selected: true, reason: 'went_down' });
  });

  it('that it is back', () => {
    const recovered = transition('check.recovered', 'down', 'up');
    expect(defaultRoute(recovered)).toEqual({ selected: true, reason: 'recovered' });
  });
});

describe('people are not woken', () => {
  it.each(['check.missed', 'check.failed', 'check.hung'] as const)('again while it is down: %s', (type) => {
    const again = transition(type, 'down', 'down');
    expect(defaultRoute(again)).toEqual({ selected: false, reason: 'status_unchanged' });
  });

  it.each([
    ['check.up', 'new', 'up'],
    ['check.up', 'unknown', 'up'],
    ['check.late', 'up', 'up'],
    ['check.missed', 'up', 'up'],
    ['check.failed', 'up', 'up'],
    ['check.unknown', 'up', 'unknown'],
  ] as const)('by what is only worth knowing: %s from %s to %s', (type, before, after) => {
    const informational = transition(type, before, after);
    expect(defaultRoute(informational)).toEqual({ selected: false, reason: 'informational' });
  });

  it('by our own holes', () => {
    expect(defaultRoute(hole)).toEqual({ selected: false, reason: 'not_about_a_check' });
  });
});
