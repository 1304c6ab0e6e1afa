import { unreachable } from '../assert.ts';
import type { PingCause } from '../event/transition.ts';
import { afterReport } from './next-slot.ts';
import { applyStart } from './apply-start.ts';
import type { CheckRow } from './check-row.ts';
import { expectNext, rearm } from './expectation.ts';
import type { FoldStep } from './fold-step.ts';
import { keepOrphan } from './orphan.ts';
import type { BufferedPing, PartitionState } from './partition-state.ts';
import { meaningOf, type PingMeaning } from './ping-meaning.ts';
import { applyFailure, applySuccess, type Report } from './report.ts';
import { retractMiss } from './retraction.ts';
import { endRun, isRepeatedEnd, noteProgress, type EndedBy } from './run.ts';

/** How long the clock goes on before a run that was opened by a late start may be hung: twice the lease. */
const LATE_RUN_MS = 20_000;

const ENDED_NONE: EndedBy = { durationMs: null, lateEnd: false };

/** One ping in its turn: numbers it, ends or opens its run, judges it, and expects the next one. */
export function applyPing(state: PartitionState, buffered: BufferedPing, step: FoldStep): void {
  const { offset, ping } = buffered;
  const check = state.checks.get(ping.checkId);
  if (check === undefined) {
    keepOrphan(state, buffered, step);
    return;
  }
  check.pingCount += 1;
  const n = check.pingCount;
  step.touch(ping.checkId);
  const { kind, ignored } = meaningOf(check, ping);
  const repeated = !ignored && isRepeatedEnd(check, ping, kind);
  const counts = !ignored && !repeated;
  const isReport = kind === 'success' || kind === 'fail';
  const { durationMs, lateEnd } = counts && isReport ? endRun(check, ping, kind) : ENDED_NONE;
  step.note({ kind: 'ping', offset, n, ping, kindJudged: kind, ignored, repeated, durationMs });
  if (ignored) return;
  const { exitStatus } = ping;
  const cause = { kind: 'ping', offset, n, exitStatus, durationMs, lateEnd } as const;
  // Also where its client sent it again and was counted then: it had come in time.
  if (kind === 'success' && buffered.lateAt !== null) retractMiss(state, check, { ping, cause }, step);
  if (counts) judge(state, check, { buffered, kind, cause }, step);
  check.forget();
  rearm(check);
}

interface Judged {
  readonly buffered: BufferedPing;
  readonly kind: PingMeaning['kind'];
  readonly cause: PingCause;
}

function judge(
  state: PartitionState,
  check: CheckRow,
  { buffered, kind, cause }: Judged,
  step: FoldStep,
): void {
  const { ping, lateAt } = buffered;
  if (kind === 'log') return;
  // A ping older than what was already reported (its ingest died and came back) is history, not news.
  if (check.lastReportAt !== null && ping.receivedAt < check.lastReportAt) return;
  switch (kind) {
    case 'start':
      applyStart(
        state,
        check,
        { ping, cause, notBeforeAt: lateAt === null ? 0 : lateAt + LATE_RUN_MS },
        step,
      );
      return;
    case 'progress':
      noteProgress(state, check, ping);
      return;
    case 'success':
    case 'fail':
      applyReport(state, check, { ping, cause, lateAt, kind }, step);
      return;
    default:
      unreachable(kind);
  }
}

function applyReport(state: PartitionState, check: CheckRow, report: Report, step: FoldStep): void {
  const { ping, cause, lateAt, kind } = report;
  const { nextAt, tooEarlyFor } = afterReport(check, ping.receivedAt);
  check.lastReportAt = ping.receivedAt;
  check.lastPingOffset = cause.offset;
  check.lastDurationMs = cause.durationMs;
  if (kind === 'fail') {
    applyFailure(state, check, report, step);
  } else {
    if (isOvertaken(check, nextAt)) return;
    if (!applySuccess(state, check, report, { tooEarlyFor, step })) return;
  }
  expectNext(state, check, nextAt, lateAt ?? 0);
}

/**
 * A late success of a check that was missed again after it: the slot that it was to be followed by has been judged
 * already, so it is no sign that the job is well now.
 */
function isOvertaken(check: CheckRow, nextAt: number | null): boolean {
  return check.status === 'down' && nextAt !== null && check.expectedAt !== null && nextAt < check.expectedAt;
}
