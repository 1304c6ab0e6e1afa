import type { Random } from '../random.ts';

/** Mean times between faults of a kind in milliseconds, or shares; null: this world does not have it. */
export interface Faults {
  readonly crashMs: number | null;
  readonly stallMs: number | null;
  readonly longestStallMs: number;
  readonly pauseMs: number | null;
  readonly leaveMs: number | null;
  readonly outageMs: number | null;
  readonly partitionOutageMs: number | null;
  readonly evaluatorCrashMs: number | null;
  readonly evaluatorPauseMs: number | null;
  readonly tornSnapshotShare: number;
  readonly lostSnapshotShare: number;
  readonly lostAnswerShare: number;
  readonly skewed: boolean;
  readonly clockStepMs: number | null;
  readonly configChangeMs: number | null;
  readonly configStorms: boolean;
  readonly zoneActivationMs: number | null;
  readonly massSilence: boolean;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Each fault is there or not; what breaks every few minutes in a busy world breaks every few days in a sparse one. */
export function chooseFaults(random: Random, sparse: boolean): Faults {
  const unitMs = sparse ? 5 * DAY_MS : MINUTE_MS;
  const calm = random.chance(0.15);
  const sometimes = (share: number, units: number): number | null =>
    !calm && random.chance(share) ? units * unitMs : null;
  return {
    crashMs: sometimes(0.4, 4),
    stallMs: sometimes(0.4, 2),
    longestStallMs: random.oneOf([3_000, 8_000, 40_000, 150_000]) ?? 8_000,
    pauseMs: sometimes(0.25, 4),
    leaveMs: sometimes(0.2, 5),
    outageMs: sometimes(0.3, 5),
    partitionOutageMs: sometimes(0.2, 4),
    evaluatorCrashMs: sometimes(0.5, 2),
    evaluatorPauseMs: sometimes(0.3, 2),
    tornSnapshotShare: !calm && random.chance(0.4) ? 0.4 : 0,
    lostSnapshotShare: !calm && random.chance(0.3) ? 0.3 : 0,
    lostAnswerShare: !calm && random.chance(0.4) ? 0.05 : 0,
    skewed: !calm && random.chance(0.35),
    clockStepMs: sometimes(0.2, 3),
    configChangeMs: sometimes(0.4, 1),
    configStorms: !calm && random.chance(0.1),
    zoneActivationMs: sometimes(0.2, 3),
    massSilence: !sparse && random.chance(0.12),
  };
}

/** Nothing breaks in such a world. */
export const NO_FAULTS: Faults = {
  crashMs: null,
  stallMs: null,
  longestStallMs: 0,
  pauseMs: null,
  leaveMs: null,
  outageMs: null,
  partitionOutageMs: null,
  evaluatorCrashMs: null,
  evaluatorPauseMs: null,
  tornSnapshotShare: 0,
  lostSnapshotShare: 0,
  lostAnswerShare: 0,
  skewed: false,
  clockStepMs: null,
  configChangeMs: null,
  configStorms: false,
  zoneActivationMs: null,
  massSilence: false,
};
