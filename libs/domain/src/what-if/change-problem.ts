import type { CheckRules } from '../check/definition.ts';
import {
  compileSchedule,
  INITIAL_ZONE_VERSION,
  isKnownZoneVersion,
  type ScheduleProblem,
} from '../schedule/schedule.ts';
import type { RecordedBeat, RulesChange } from './rules-change.ts';

/** Why a change cannot be tried. */
export type ChangeProblem =
  | {
      readonly reason: 'unusable_schedule';
      readonly field: ScheduleProblem['field'];
      readonly problem: string;
    }
  | { readonly reason: 'unusable_number'; readonly field: keyof CheckRules; readonly problem: string }
  | { readonly reason: 'unknown_check'; readonly checkId: string; readonly problem: string };

/** Numbers of the rules, and the least of each; null stands for "not set" where it may. */
const LEAST: readonly (readonly [keyof CheckRules, number])[] = [
  ['graceMs', 0],
  ['maxRuntimeMs', 1],
  ['progressIntervalMs', 1],
  ['earlyToleranceMs', 0],
  ['missedThreshold', 1],
  ['failedThreshold', 1],
  ['recoveryThreshold', 1],
];

/** The first reason why a change cannot be tried on these records, or null. */
export function problemOf(beats: readonly RecordedBeat[], change: RulesChange): ChangeProblem | null {
  return unusableSchedule(beats, change) ?? unusableNumber(change) ?? unknownCheck(beats, change);
}

/** A schedule has to be good by all the zone tables that the records go over to, or its check would vanish from there. */
function unusableSchedule(
  beats: readonly RecordedBeat[],
  { set: { schedule } }: RulesChange,
): ChangeProblem | null {
  if (schedule === undefined) return null;
  const activated = beats.flatMap(({ beat }) => (beat.type === 'tz.activated' ? [beat.version] : []));
  for (const version of [INITIAL_ZONE_VERSION, ...activated.filter(isKnownZoneVersion)]) {
    const result = compileSchedule(schedule, version);
    if (result.ok) continue;
    return { reason: 'unusable_schedule', field: result.field, problem: result.problem };
  }
  return null;
}

function unusableNumber({ set }: RulesChange): ChangeProblem | null {
  for (const [field, least] of LEAST) {
    const value = set[field];
    if (value === undefined || (value === null && field !== 'graceMs' && !field.endsWith('Threshold')))
      continue;
    if (Number.isInteger(value) && Number(value) >= least) continue;
    const problem = `${field} is a whole number from ${least} on, but this is ${JSON.stringify(value)}.`;
    return { reason: 'unusable_number', field, problem };
  }
  return null;
}

/** A typing error in an id would be answered by "no difference", which is worse than no answer. */
function unknownCheck(beats: readonly RecordedBeat[], { checkIds }: RulesChange): ChangeProblem | null {
  if (checkIds === 'all') return null;
  const configured = new Set(
    beats.flatMap(({ beat }) => (beat.type === 'check.configured' ? [beat.definition.checkId] : [])),
  );
  const checkId = checkIds.find((id) => !configured.has(id));
  if (checkId === undefined) return null;
  return {
    reason: 'unknown_check',
    checkId,
    problem: `The check ${checkId} is not configured in these records.`,
  };
}
