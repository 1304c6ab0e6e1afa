import type { PingReceived } from '../event/ping.ts';
import type { PingCause } from '../event/transition.ts';
import { previousSlotAtOrBefore } from '../schedule/schedule.ts';
import type { CheckRow } from './check-row.ts';
import type { FoldStep } from './fold-step.ts';
import type { PartitionState } from './partition-state.ts';
import { openRun } from './run.ts';
import { remark } from './verdict.ts';

/** Without a schedule two starts so close to each other are taken for one job that was started twice. */
const SAME_OCCASION_MS = 60_000;

interface Started {
  readonly ping: PingReceived;
  readonly cause: PingCause;
  readonly notBeforeAt: number;
}

/** A start in its turn: it opens a run, and tells when another one is open or was just started from elsewhere. */
export function applyStart(state: PartitionState, check: CheckRow, started: Started, step: FoldStep): void {
  const { ping, cause, notBeforeAt } = started;
  const elsewhere = startedElsewhere(check, ping);
  const open = check.runs.findLast((run) => !run.hung && run.rid !== ping.rid);
  const other = elsewhere ?? open;
  if (other !== undefined) {
    const { rid, receivedAt: at } = ping;
    remark(state, check, step, {
      type: elsewhere === undefined ? 'check.overlap' : 'check.duplicate_run',
      at,
      reason: elsewhere === undefined ? 'previous_run_still_open' : 'started_elsewhere',
      cause: {
        kind: 'runs',
        offset: cause.offset,
        n: cause.n,
        rid,
        otherRid: other.rid,
        otherStartedAt: other.startedAt,
      },
    });
  }
  openRun(state, check, ping, notBeforeAt);
}

/** The start of another run for the same occasion from another address: the job is scheduled in two places. */
function startedElsewhere(
  check: CheckRow,
  ping: PingReceived,
): { readonly rid: string | null; readonly startedAt: number } | undefined {
  const { lastStart } = check.memory;
  if (lastStart === null || lastStart.source === null || ping.remoteAddr === null) return undefined;
  const { at: startedAt, rid, source } = lastStart;
  const isSameRun = rid !== null && rid === ping.rid;
  if (isSameRun || source === ping.remoteAddr || !isSameOccasion(check, startedAt, ping.receivedAt)) {
    return undefined;
  }
  return { rid, startedAt };
}

function isSameOccasion(check: CheckRow, beforeAt: number, at: number): boolean {
  const { schedule } = check;
  if (schedule.kind === 'interval') return at - beforeAt < schedule.periodMs / 2;
  if (schedule.kind === 'none') return at - beforeAt < SAME_OCCASION_MS;
  return previousSlotAtOrBefore(schedule, beforeAt) === previousSlotAtOrBefore(schedule, at);
}
