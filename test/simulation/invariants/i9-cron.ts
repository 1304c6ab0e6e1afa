import { compileSchedule } from '../../../libs/domain/src/schedule/schedule.ts';
import { slotFrom } from '../oracle/slots.ts';
import type { CheckPlan } from '../plan/check-plan.ts';
import type { RanWorld } from '../world.ts';
import { since, type Examined, type Finding, type Invariant } from './finding.ts';

/** `minute hour * * *`: the kind of which a naive model can be written down in a line. */
const DAILY = /^(\d+) (\d+) \* \* \*$/;
const DAY_MS = 86_400_000;
/** No change of clocks moves a daily job by more. */
const LARGEST_SAVING_MS = 2 * 3_600_000;

/**
 * I9: every slot lies after the instant that was asked for, and a daily job is due once a day, on the very day, also when
 * clocks change: at its time by the wall as the machine's own calendar has it, or at the first instant after a gap.
 */
export const cron: Invariant = ({ world }: Examined) =>
  world.plan.checks.flatMap((check) => [...increasing(world, check), ...daily(world, check)]);

function slotsOf({ plan, endAt }: RanWorld, { definition }: CheckPlan, most: number): number[] {
  const compiled = compileSchedule(definition.schedule);
  const slots: number[] = [];
  for (let at: number | null = plan.startAt; compiled.ok && at !== null && slots.length < most;) {
    at = slotFrom(compiled.compiled, at);
    if (at === null || at > endAt) break;
    slots.push(at);
  }
  return slots;
}

function increasing(world: RanWorld, check: CheckPlan): Finding[] {
  const slots = slotsOf(world, check, 400);
  return slots.flatMap((at, index) => {
    const beforeAt = slots[index - 1] ?? world.plan.startAt;
    const what = `${check.definition.checkId}: the slot after ${since(world, beforeAt)} is ${since(world, at)}`;
    return at > beforeAt ? [] : [{ invariant: 'I9', what }];
  });
}

function daily(world: RanWorld, check: CheckPlan): Finding[] {
  const { schedule, checkId } = check.definition;
  if (schedule.kind !== 'cron' || schedule.expressions.length !== 1) return [];
  const [, minute, hour] = DAILY.exec(schedule.expressions[0] ?? '') ?? [];
  if (minute === undefined || hour === undefined) return [];
  const wall = wallOf(schedule.zone);
  const slots = slotsOf(world, check, 40);
  return slots.flatMap((at, index) => {
    const wrong: string[] = [];
    const { day, minutes } = wall(at);
    const before = slots[index - 1];
    if (before !== undefined && wall(before + DAY_MS / 2).day !== wall(at - DAY_MS / 2).day) {
      wrong.push('leaves a day out, or is due twice on one');
    }
    const due = Number(hour) * 60 + Number(minute);
    const before1 = wall(at - 1);
    const gapFrom = (before1.day - day) * 1_440 + before1.minutes;
    const inGap = minutes - gapFrom > 1 && gapFrom < due && due < minutes;
    if (minutes !== due && !inGap) wrong.push(`is due at minute ${minutes} of day ${day} instead of ${due}`);
    if (before !== undefined && Math.abs(at - before - DAY_MS) > LARGEST_SAVING_MS)
      wrong.push('is not a day after the slot before it');
    return wrong.map((what) => ({ invariant: 'I9', what: `${checkId}: ${since(world, at)} ${what}` }));
  });
}

const walls = new Map<string, (at: number) => { day: number; minutes: number }>();

/** Local date and minute of the day, as the machine's own tables have them. */
function wallOf(zone: string): (at: number) => { day: number; minutes: number } {
  const known = walls.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const wall = (at: number): { day: number; minutes: number } => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const day =
      Date.UTC(parts.get('year') ?? 0, (parts.get('month') ?? 1) - 1, parts.get('day') ?? 1) / DAY_MS;
    return { day, minutes: (parts.get('hour') ?? 0) * 60 + (parts.get('minute') ?? 0) };
  };
  walls.set(zone, wall);
  return wall;
}
