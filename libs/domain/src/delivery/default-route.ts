import type { Verdict } from '../event/transition.ts';

/** Why the default route selects a transition, or why not; also the label of the planner's metric. */
export type RouteReason =
  'went_down' | 'recovered' | 'not_about_a_check' | 'status_unchanged' | 'informational';

export interface RouteDecision {
  readonly selected: boolean;
  readonly reason: RouteReason;
}

/**
 * What people are told without asking: that a check went down, once, and that it is back. Further misses of a check
 * that is down are in its history, but nobody is woken for them again.
 */
export function defaultRoute(verdict: Verdict): RouteDecision {
  if (verdict.type === 'coverage.hole') return { selected: false, reason: 'not_about_a_check' };
  if (verdict.type === 'check.recovered') return { selected: true, reason: 'recovered' };
  if (verdict.statusAfter !== 'down') return { selected: false, reason: 'informational' };
  return verdict.statusBefore === 'down'
    ? { selected: false, reason: 'status_unchanged' }
    : { selected: true, reason: 'went_down' };
}
