import { zoneNamed } from '../../../libs/domain/src/schedule/zone.ts';
import { BUSY, SPARSE, type Pace } from '../pace.ts';
import type { Random } from '../random.ts';
import { planCheck, type CheckPlan } from './check-plan.ts';
import { chooseFaults, type Faults } from './faults.ts';

/** Everything about a world that is chosen before it begins; a function of the seed. */
export interface WorldPlan {
  readonly seed: number;
  readonly pace: Pace;
  readonly sparse: boolean;
  readonly startAt: number;
  readonly lengthMs: number;
  readonly ingests: number;
  readonly partitions: number;
  readonly zone: string;
  /** The clocks of the zone change in this world. */
  readonly changesClocks: boolean;
  readonly checks: readonly CheckPlan[];
  readonly faults: Faults;
}

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Jerusalem',
  'Pacific/Auckland',
  'America/Havana',
  'Asia/Tokyo',
  'UTC',
];

const DYING = { crashMs: 60_000, skewed: false, clockStepMs: null, stallMs: null, pauseMs: null };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** 2027-01-15, and changes of clocks from here on. */
const EPOCH_AT = 1_800_000_000_000;

export function planWorld(random: Random, seed: number): WorldPlan {
  const sparse = random.chance(0.45);
  // Jobs that ping at the last moment, and ingests that die with it.
  const lastMoment = !sparse && random.chance(0.12);
  const ingests = sparse ? random.between(1, 2) : random.between(lastMoment ? 2 : 1, 4);
  const partitions = sparse ? random.between(1, 2) : (random.oneOf([1, 1, 1, 2, 2, 3, 4]) ?? 1);
  const zone = random.oneOf(ZONES) ?? 'UTC';
  const changeAt = random.chance(0.6) ? clockChange(random, zone) : null;
  const lengthMs = sparse ? sparseLength(random, changeAt) : busyLength(random, ingests * partitions);
  const chosen = chooseFaults(random, sparse);
  const faults = lastMoment ? { ...chosen, ...DYING } : chosen;
  const count = checksIn(random, sparse, faults.massSilence);
  const setting = { sparse, zone, lengthMs, allAtOnce: faults.massSilence, lastMoment };
  return {
    seed,
    pace: sparse ? SPARSE : BUSY,
    sparse,
    startAt: startOf(random, changeAt, lengthMs),
    lengthMs,
    ingests,
    partitions: faults.massSilence ? 1 : partitions,
    zone,
    changesClocks: changeAt !== null,
    checks: Array.from({ length: count }, (_, index) => planCheck(random, index, setting)),
    faults,
  };
}

function checksIn(random: Random, sparse: boolean, mass: boolean): number {
  if (mass) return random.between(44, 52);
  return sparse ? random.between(4, 10) : random.between(8, 20);
}

function busyLength(random: Random, lanes: number): number {
  const longest = lanes <= 1 ? 60 : lanes <= 4 ? 15 : 10;
  return random.between(5, random.chance(0.1) ? longest : 8) * MINUTE_MS;
}

function sparseLength(random: Random, changeAt: number | null): number {
  if (changeAt !== null && random.chance(0.4)) return random.between(6, 20) * DAY_MS;
  return random.between(50, 200) * DAY_MS;
}

/** Some worlds begin just before the clocks of their zone change. */
function startOf(random: Random, changeAt: number | null, lengthMs: number): number {
  if (changeAt === null) return EPOCH_AT + random.between(0, 3_000) * DAY_MS + random.between(0, DAY_MS);
  return changeAt - Math.floor(lengthMs * (0.2 + random.next() * 0.4));
}

function clockChange(random: Random, zone: string): number | null {
  const changes = zoneNamed(zone)?.changesAt.filter((at) => at > EPOCH_AT) ?? [];
  return changes.length === 0 ? null : (random.oneOf(changes) ?? null);
}
