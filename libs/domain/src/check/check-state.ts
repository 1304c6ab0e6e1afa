import type { CompiledSchedule } from '../schedule/schedule.ts';
import type { CheckDefinition } from './definition.ts';
import type { CheckStatus } from './status.ts';

/** A run that began and has not ended. `hungAt` is when it may be called hung. */
export interface OpenRun {
  readonly rid: string | null;
  readonly startedAt: number;
  readonly hungAt: number;
}

/** What the fold remembers of one check. Changed only by the functions of this folder. */
export interface CheckState {
  definition: CheckDefinition;
  schedule: CompiledSchedule;
  status: CheckStatus;
  seq: number;
  /** Number of the newest ping of any kind, from 1. */
  pingCount: number;
  lastPingAt: number | null;
  lastPingOffset: number | null;
  /** The newest success or failure: what the next expectation is counted from. */
  lastReportAt: number | null;
  lastStartAt: number | null;
  lastDurationMs: number | null;
  /** When the next success is expected; null while nothing is (new, paused, schedule exhausted). */
  expectedAt: number | null;
  /** When it is missed: the expected time, the grace, and what holes added. */
  deadlineAt: number | null;
  /** The expectation that was already called late. */
  lateForAt: number | null;
  runs: OpenRun[];
  missedInARow: number;
  failedInARow: number;
  successesInARow: number;
  downSinceAt: number | null;
  /** No verdict on this check lies before this one: a late ping must not reorder its history. */
  lastVerdictAt: number;
  lastReason: string | null;
  /** When the check's live entry in the timer queue comes up; entries of older generations are stale. */
  filedAt: number | null;
  timerGeneration: number;
}

/** The state of a check that was just configured: nothing is expected of it before its first ping. */
export function newCheckState(definition: CheckDefinition, schedule: CompiledSchedule): CheckState {
  return {
    definition,
    schedule,
    status: 'new',
    seq: 0,
    pingCount: 0,
    lastPingAt: null,
    lastPingOffset: null,
    lastReportAt: null,
    lastStartAt: null,
    lastDurationMs: null,
    expectedAt: null,
    deadlineAt: null,
    lateForAt: null,
    runs: [],
    missedInARow: 0,
    failedInARow: 0,
    successesInARow: 0,
    downSinceAt: null,
    lastVerdictAt: 0,
    lastReason: null,
    filedAt: null,
    timerGeneration: 0,
  };
}

/** How long a run may stay open: its own setting, or the grace where none is set. */
export function maxRuntimeMs(definition: CheckDefinition): number {
  return definition.maxRuntimeMs ?? definition.graceMs;
}
