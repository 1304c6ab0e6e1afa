import type { PingReceived } from '../event/ping.ts';
import { OPEN_RUNS_MAX, rememberEnd, type OpenRun } from './check-memory.ts';
import type { CheckRow } from './check-row.ts';
import type { CheckRules } from './definition.ts';
import type { PartitionState, SoftHole } from './partition-state.ts';
import type { Stretch } from './stretch.ts';

/** How long a run may stay open: its own setting, or the grace where none is set. */
export function maxRuntimeMs(rules: CheckRules): number {
  return rules.maxRuntimeMs ?? rules.graceMs;
}

/** Two missed signs of progress, as one may get lost on its way. */
const PROGRESS_MISSED_MAX = 2;

/** Later than any instant that a calendar knows. */
const NEVER_AT = 8_640_000_000_000_000;

/** The run as one that is not called hung any more, however long it stays open. */
export function unwatchedRun(run: OpenRun): OpenRun {
  return { ...run, hungAt: NEVER_AT, progressDueAt: null };
}

/** When the run needs looking at; null for one that was called hung, or that nobody can judge. */
export function runDueAt(run: OpenRun): number | null {
  if (run.hung || run.hungAt >= NEVER_AT) return null;
  return run.progressDueAt === null ? run.hungAt : Math.min(run.hungAt, run.progressDueAt);
}

/** When a run may be called hung, if its end was to come in this stretch; else as before. */
export function extendedRun(run: OpenRun, { fromAt, untilAt }: Stretch, byMs: number): OpenRun {
  if (run.startedAt >= untilAt) return run;
  const { progressDueAt } = run;
  return {
    ...run,
    hungAt: run.hungAt >= fromAt ? run.hungAt + byMs : run.hungAt,
    progressDueAt: progressDueAt !== null && progressDueAt >= fromAt ? progressDueAt + byMs : progressDueAt,
  };
}

function extendedBySoftHoles(run: OpenRun, softHoles: readonly SoftHole[]): OpenRun {
  return softHoles.reduce((open, hole) => extendedRun(open, hole, hole.extensionMs), run);
}

/**
 * Opens a run that is not hung before `notBeforeAt`, for the end of a late one may be right behind it in the log. A
 * start with the id of an open run takes its place, unless it is the older of the two; where only the newest run is
 * watched it takes the place of all.
 */
export function openRun(
  state: PartitionState,
  check: CheckRow,
  ping: PingReceived,
  notBeforeAt: number,
): void {
  const { rid, receivedAt: startedAt, remoteAddr } = ping;
  const { rules } = check;
  const memory = check.remember();
  const onlyNewest = rules.watchedRuns === 'newest' || !state.switches.runsWatchedEach;
  const rivals = memory.runs.filter((run) => onlyNewest || run.rid === rid);
  if (rivals.some((run) => run.startedAt > startedAt)) return;
  const due = progressing(rules, {
    rid,
    startedAt,
    source: remoteAddr,
    lastSignAt: startedAt,
    hungAt: startedAt + maxRuntimeMs(rules),
    progressDueAt: null,
    hung: false,
  });
  const extended = extendedBySoftHoles(due, state.softHoles);
  const run = {
    ...extended,
    hungAt: Math.max(extended.hungAt, notBeforeAt),
    progressDueAt: extended.progressDueAt === null ? null : Math.max(extended.progressDueAt, notBeforeAt),
  };
  memory.runs = [...memory.runs.filter((open) => !rivals.includes(open)), run].slice(-OPEN_RUNS_MAX);
  if (startedAt >= (memory.lastStart?.at ?? 0)) memory.lastStart = { at: startedAt, rid, source: remoteAddr };
}

function progressing(rules: CheckRules, run: OpenRun): OpenRun {
  const { progressIntervalMs } = rules;
  if (progressIntervalMs === null) return run;
  return { ...run, progressDueAt: run.lastSignAt + progressIntervalMs * PROGRESS_MISSED_MAX };
}

/** A sign of life of the run with this id; without one, of all. */
export function noteProgress(
  state: PartitionState,
  check: CheckRow,
  { rid, receivedAt }: PingReceived,
): void {
  if (check.runs.length === 0) return;
  const memory = check.remember();
  memory.runs = memory.runs.map((run) => {
    if ((rid !== null && run.rid !== rid) || run.hung || receivedAt < run.lastSignAt) return run;
    const heard = progressing(check.rules, { ...run, lastSignAt: receivedAt });
    const { progressDueAt } = extendedBySoftHoles(heard, state.softHoles);
    return { ...heard, progressDueAt };
  });
}

/** What a report found of the run that it ends. */
export interface EndedBy {
  readonly durationMs: number | null;
  /** The run had been called hung. */
  readonly lateEnd: boolean;
}

const ENDED_NONE: EndedBy = { durationMs: null, lateEnd: false };

/**
 * Closes the run that this report ends. An end pairs with the start of the same id; an end without an id closes
 * whatever is open, as Healthchecks does, because nobody could ever close it by name. A run that began after this ping
 * is not its own: the ping came late.
 */
export function endRun(check: CheckRow, ping: PingReceived, kind: 'success' | 'fail'): EndedBy {
  const { rid } = ping;
  if (check.runs.length === 0 && rid === null) return ENDED_NONE;
  const memory = check.remember();
  const begun = memory.runs.filter((open) => open.startedAt <= ping.receivedAt);
  const run = begun.find((open) => open.rid === rid);
  const endsAll = rid === null || (kind === 'fail' && check.rules.watchedRuns === 'newest');
  const ended = endsAll ? begun : begun.filter((open) => open === run);
  memory.runs = memory.runs.filter((open) => !ended.includes(open));
  if (rid !== null) rememberEnd(memory, { rid, kind });
  return {
    durationMs: run === undefined ? null : ping.receivedAt - run.startedAt,
    lateEnd: ended.some(({ hung }) => hung),
  };
}

/** Whether this end was counted before: a client that got no answer sends it again. */
export function isRepeatedEnd(check: CheckRow, { rid }: PingReceived, kind: string): boolean {
  if (rid === null) return false;
  const { runs, ended } = check.memory;
  if (ended.length === 0 || runs.some((run) => run.rid === rid)) return false;
  return ended.some((end) => end.rid === rid && end.kind === kind);
}

/** Gives open runs what a change of the rules gives to new ones, but takes no time away before `effectiveAt`. */
export function adjustRuns(check: CheckRow, before: CheckRules, effectiveAt: number): void {
  const { rules } = check;
  const moreMs = maxRuntimeMs(rules) - maxRuntimeMs(before);
  const progressChanged = rules.progressIntervalMs !== before.progressIntervalMs;
  if (check.runs.length === 0 || (moreMs === 0 && !progressChanged)) return;
  const memory = check.remember();
  memory.runs = memory.runs.map((run) => {
    if (run.hung) return run;
    const moved = moreMs === 0 ? run : { ...run, hungAt: Math.max(run.hungAt + moreMs, effectiveAt) };
    if (!progressChanged) return moved;
    const { progressDueAt } = progressing(rules, { ...moved, progressDueAt: null });
    return { ...moved, progressDueAt: progressDueAt && Math.max(progressDueAt, effectiveAt) };
  });
}
