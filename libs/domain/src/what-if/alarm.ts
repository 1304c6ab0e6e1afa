import type { CheckTransition } from '../event/transition.ts';

/** One time in which a check was down: what people are told of once, when it begins. */
export interface Alarm {
  readonly checkId: string;
  /** The transition that took the check down. */
  readonly transition: CheckTransition;
  readonly downAt: number;
  /** When it was over; null while it lasts at the end of the records. */
  readonly untilAt: number | null;
  /** `withdrawn`: the check was paused or removed while it was down. */
  readonly ending: 'recovered' | 'withdrawn' | 'still_down';
}

/** The alarms of two folds of the same records, and how they differ. */
export interface AlarmDifference {
  readonly before: readonly Alarm[];
  readonly after: readonly Alarm[];
  /** Those of before that have no counterpart after. */
  readonly fewer: readonly Alarm[];
  /** Those of after that had no counterpart before. */
  readonly more: readonly Alarm[];
  readonly earlier: readonly AlarmPair[];
  readonly later: readonly AlarmPair[];
}

/** One alarm as it is, and as it would be. */
export interface AlarmPair {
  readonly before: Alarm;
  readonly after: Alarm;
}

/**
 * Compares alarms in the order in which they began. Each has one counterpart at most, so that before without fewer and
 * with more is as many as after: the first free one that was down at the same time, and only when those have found each
 * other, one for the same expected time.
 */
export function alarmDifference(before: readonly Alarm[], after: readonly Alarm[]): AlarmDifference {
  const counterparts = new Map<Alarm, Alarm>();
  const taken = new Set<Alarm>();
  const ofCheck = alarmsByCheck(after);
  for (const areTheSame of [areOverlapping, areForTheSameTime]) {
    for (const alarm of before) {
      if (counterparts.has(alarm)) continue;
      const candidates = ofCheck.get(alarm.checkId) ?? [];
      const found = candidates.find((other) => !taken.has(other) && areTheSame(alarm, other));
      if (found === undefined) continue;
      taken.add(found);
      counterparts.set(alarm, found);
    }
  }
  const pairs = before.flatMap((alarm): AlarmPair[] => {
    const counterpart = counterparts.get(alarm);
    return counterpart === undefined ? [] : [{ before: alarm, after: counterpart }];
  });
  return {
    before,
    after,
    fewer: before.filter((alarm) => !counterparts.has(alarm)),
    more: after.filter((alarm) => !taken.has(alarm)),
    earlier: pairs.filter((pair) => pair.after.downAt < pair.before.downAt),
    later: pairs.filter((pair) => pair.after.downAt > pair.before.downAt),
  };
}

function alarmsByCheck(alarms: readonly Alarm[]): Map<string, Alarm[]> {
  const byCheck = new Map<string, Alarm[]>();
  for (const alarm of alarms) {
    const others = byCheck.get(alarm.checkId);
    if (others === undefined) byCheck.set(alarm.checkId, [alarm]);
    else others.push(alarm);
  }
  return byCheck;
}

function areOverlapping(left: Alarm, right: Alarm): boolean {
  return left.downAt < (right.untilAt ?? Infinity) && right.downAt < (left.untilAt ?? Infinity);
}

function areForTheSameTime(left: Alarm, right: Alarm): boolean {
  const { expectedAt } = left.transition;
  return expectedAt !== null && expectedAt === right.transition.expectedAt;
}
