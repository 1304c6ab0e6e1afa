import { HEALTHCHECKS_RULES, type CheckDefinition } from '../../../libs/domain/src/check/definition.ts';
import type { Schedule } from '../../../libs/domain/src/schedule/schedule.ts';
import type { Random } from '../random.ts';

/** How a job behaves; shares of its runs. */
export interface Habits {
  readonly skips: number;
  /** Stays away for several slots in a row. */
  readonly vanishes: number;
  readonly fails: number;
  /** Comes when it likes instead of soon after its slot. */
  readonly strays: number;
  /** Pings within the last second before its deadline, or a millisecond around it. */
  readonly exact: number;
  /** Tells when it starts; ends after about so long. */
  readonly runMs: number | null;
  readonly neverEnds: number;
}

/** A check and the job behind it. */
export interface CheckPlan {
  readonly index: number;
  readonly definition: CheckDefinition;
  readonly habits: Habits;
  /** When it is created, counted from the beginning of the world. */
  readonly createdAfterMs: number;
  /** Its job pings this long after its creation, maybe before the log knows the check. */
  readonly firstPingAfterMs: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What kind of world the checks are for. */
export interface CheckSetting {
  readonly sparse: boolean;
  readonly zone: string;
  readonly lengthMs: number;
  /** Created at the beginning, all of them. */
  readonly allAtOnce: boolean;
  /** Their jobs ping as late as they may. */
  readonly lastMoment: boolean;
}

export function planCheck(random: Random, index: number, setting: CheckSetting): CheckPlan {
  const schedule = setting.sparse ? sparseSchedule(random, setting.zone) : busySchedule(random, setting.zone);
  const withRuns = !setting.lastMoment && random.chance(0.3);
  const graceMs = graceFor(random, schedule, setting.sparse);
  const maxRuntimeMs = random.chance(0.8) ? runtimeFor(random, setting.sparse) : null;
  const late = !setting.allAtOnce && random.chance(0.25);
  return {
    index,
    definition: {
      ...HEALTHCHECKS_RULES,
      checkId: idOf(index),
      projectId: `project-${index % 4}`,
      pingKey: '0'.repeat(32),
      configVersion: 1,
      name: `Check ${index}`,
      slug: '',
      tags: [],
      schedule,
      graceMs,
      maxRuntimeMs: withRuns ? maxRuntimeMs : null,
      watchedRuns: random.chance(0.8) ? 'all' : 'newest',
      earlyToleranceMs: random.oneOf([0, 0, null, 2_000]) ?? null,
      missedThreshold: threshold(random),
      failedThreshold: threshold(random),
      recoveryThreshold: threshold(random),
    },
    habits: {
      skips: random.oneOf([0, 0.04, 0.15]) ?? 0,
      vanishes: random.oneOf([0, 0.02, 0.05]) ?? 0,
      fails: random.oneOf([0, 0, 0.1, 0.3]) ?? 0,
      strays: random.oneOf([0, 0.05, 0.2]) ?? 0,
      exact: setting.lastMoment ? 0.8 : random.chance(0.25) ? 0.5 : 0,
      runMs: withRuns ? Math.floor((maxRuntimeMs ?? graceMs) * 0.7) : null,
      neverEnds: random.oneOf([0, 0.05, 0.2]) ?? 0,
    },
    createdAfterMs: late ? random.between(0, Math.floor(setting.lengthMs / 2)) : 0,
    firstPingAfterMs: late && random.chance(0.6) ? random.between(0, 300) : random.between(5_000, 40_000),
  };
}

/** The first four bytes are the index, so that the partition of a check is its index modulo their number. */
export function idOf(index: number): string {
  return `${index.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

function threshold(random: Random): number {
  return random.oneOf([1, 1, 1, 2, 3]) ?? 1;
}

function busySchedule(random: Random, zone: string): Schedule {
  if (random.chance(0.7)) return { kind: 'interval', periodMs: random.between(20, 120) * SECOND_MS };
  const expression =
    random.oneOf(['* * * * *', '*/2 * * * *', '*/5 * * * *', '*/15 * * * * *']) ?? '* * * * *';
  return { kind: 'cron', expressions: [expression], zone };
}

function sparseSchedule(random: Random, zone: string): Schedule {
  if (random.chance(0.25)) return { kind: 'interval', periodMs: random.between(12, 48) * HOUR_MS };
  const minute = random.between(0, 59);
  const night = random.oneOf([0, 1, 1, 2, 2, 2, 3, 3]) ?? 2;
  const expressions = random.oneOf([
    [`${minute} ${night} * * *`],
    [`${minute} ${night} * * *`],
    [`${minute} ${night} * * 0`, `${minute} 12 * * 3`],
    [`${minute} */6 * * *`],
    [`${minute} ${random.between(0, 23)} * * 1-5`],
    [`0 ${night} 1,15 * *`],
  ]) ?? ['0 2 * * *'];
  return { kind: 'cron', expressions, zone };
}

function graceFor(random: Random, schedule: Schedule, sparse: boolean): number {
  if (sparse) return random.oneOf([10 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS]) ?? HOUR_MS;
  // Now and then a grace that is longer than the gap between two slots.
  if (schedule.kind === 'cron' && random.chance(0.15)) return 3 * MINUTE_MS;
  return random.between(3, 20) * SECOND_MS;
}

function runtimeFor(random: Random, sparse: boolean): number {
  return sparse ? random.between(10, 240) * MINUTE_MS : random.between(5, 40) * SECOND_MS;
}
