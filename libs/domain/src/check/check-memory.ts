import type { Assertion } from './assertion.ts';

/** A run that began and has not ended. */
export interface OpenRun {
  readonly rid: string | null;
  readonly startedAt: number;
  /** From where it was started. */
  readonly source: string | null;
  /** Its start, or its newest progress ping. */
  readonly lastSignAt: number;
  /** When it has been open for too long. */
  readonly hungAt: number;
  /** When its progress has been missing for too long; null: none is asked for. */
  readonly progressDueAt: number | null;
  /** It was called hung; it is kept so that its end can still be told. */
  readonly hung: boolean;
}

/** The end of a run that is remembered, so that the same end sent again counts once. */
export interface EndedRun {
  readonly rid: string;
  readonly kind: 'success' | 'fail';
}

export interface LastStart {
  readonly at: number;
  readonly rid: string | null;
  readonly source: string | null;
}

/** A miss that a ping which is read late could take back. */
export interface RememberedMiss {
  readonly seq: number;
  /** Reports after this instant and up to the deadline would have kept it from being missed. */
  readonly countsAfterAt: number;
  readonly deadlineAt: number;
  /** It was taken back. */
  readonly retracted: boolean;
}

/** What one assertion needs to remember of earlier reports; by the assertion's place in the rules. */
export type AssertionMemory =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'values'; readonly values: readonly number[] }
  | { readonly kind: 'same'; readonly value: number | null; readonly runs: number }
  | ThroughputMemory;

export interface ThroughputMemory {
  readonly kind: 'throughput';
  /** Counted from here on: before a whole window has passed nothing can be said. */
  readonly sinceAt: number;
  /** The number of the newest bucket since the epoch, and the sums of it and those before it. */
  readonly newest: number;
  readonly sums: readonly number[];
  /** It was told that there is too little, and there still is. */
  readonly broken: boolean;
}

/** What is remembered of the few checks that need it; most have none of this. */
export interface CheckMemory {
  runs: readonly OpenRun[];
  ended: readonly EndedRun[];
  lastStart: LastStart | null;
  misses: readonly RememberedMiss[];
  assertions: readonly AssertionMemory[];
}

/** So many open runs of a check are watched; the oldest gives way, or a job that never ends them would fill the state. */
export const OPEN_RUNS_MAX = 32;
const ENDED_RUNS_MAX = 4;
/** A ping that a dead ingest had taken may be read minutes later: as many as a check by the quarter minute misses in 16. */
const MISSES_MAX = 64;

export const NO_MEMORY: Readonly<CheckMemory> = {
  runs: [],
  ended: [],
  lastStart: null,
  misses: [],
  assertions: [],
};

export function newMemory(): CheckMemory {
  return { ...NO_MEMORY };
}

export function isEmptyMemory(memory: CheckMemory): boolean {
  const { runs, ended, lastStart, misses, assertions } = memory;
  return (
    runs.length === 0 &&
    ended.length === 0 &&
    lastStart === null &&
    misses.length === 0 &&
    assertions.length === 0
  );
}

export function rememberEnd(memory: CheckMemory, end: EndedRun): void {
  memory.ended = [...memory.ended, end].slice(-ENDED_RUNS_MAX);
}

export function rememberMiss(memory: CheckMemory, miss: RememberedMiss): void {
  memory.misses = [...memory.misses, miss].slice(-MISSES_MAX);
}

/** The empty memories for a check's assertions, in their order. */
export function newAssertionMemories(assertions: readonly Assertion[], sinceAt: number): AssertionMemory[] {
  return assertions.map((assertion) => {
    switch (assertion.kind) {
      case 'change':
        return { kind: 'values', values: [] };
      case 'unchanged':
        return { kind: 'same', value: null, runs: 0 };
      case 'throughput':
        return { kind: 'throughput', sinceAt, newest: 0, sums: [], broken: false };
      case 'metric':
      case 'min_duration':
        return { kind: 'nothing' };
    }
  });
}
