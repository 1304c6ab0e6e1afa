import type {
  CheckTransition,
  TransitionCause,
  TransitionReason,
  TransitionType,
} from '../event/transition.ts';
import type { CheckRow } from './check-row.ts';
import type { FoldStep } from './fold-step.ts';
import type { PartitionState } from './partition-state.ts';
import type { CheckStatus } from './status.ts';

export interface VerdictFacts {
  readonly type: TransitionType;
  readonly at: number;
  readonly statusAfter: CheckStatus;
  readonly reason: TransitionReason;
  readonly cause: TransitionCause;
  readonly downtimeMs?: number;
  readonly hold?: boolean;
}

/** When a verdict holds: its event's own time, but never before the verdict that came before it. */
export function instantOfVerdict(check: CheckRow, eventAt: number): number {
  return Math.max(eventAt, check.lastVerdictAt);
}

/** Numbers a verdict, moves the check to its new status and puts it into the step. */
export function pronounce(
  state: PartitionState,
  check: CheckRow,
  step: FoldStep,
  facts: VerdictFacts,
): CheckTransition {
  const { checkId } = check;
  const statusBefore = check.status;
  const at = instantOfVerdict(check, facts.at);
  check.seq += 1;
  state.oseq += 1;
  const transition: CheckTransition = {
    v: 1,
    type: facts.type,
    id: `${checkId}:${check.seq}`,
    checkId,
    projectId: check.projectId,
    seq: check.seq,
    oseq: state.oseq,
    at,
    expectedAt: check.expectedAt,
    deadlineAt: check.deadlineAt,
    statusBefore,
    statusAfter: facts.statusAfter,
    reason: facts.reason,
    configVersion: check.configVersion,
    cause: facts.cause,
    missedInARow: check.missedInARow,
    failedInARow: check.failedInARow,
    downtimeMs: facts.downtimeMs ?? null,
    hold: facts.hold ?? false,
    tz: state.tz,
    rules: state.rules,
  };
  if (statusBefore !== 'down' && facts.statusAfter === 'down') check.downSinceAt = at;
  if (facts.statusAfter !== 'down') check.downSinceAt = null;
  check.status = facts.statusAfter;
  check.lastVerdictAt = at;
  check.lastReason = facts.reason;
  step.tell(transition);
  step.touch(checkId);
  return transition;
}

/** A verdict that only records: the status stays, and so does the reason for it. */
export function remark(
  state: PartitionState,
  check: CheckRow,
  step: FoldStep,
  facts: Omit<VerdictFacts, 'statusAfter'>,
): CheckTransition {
  const { lastReason } = check;
  const transition = pronounce(state, check, step, { ...facts, statusAfter: check.status });
  check.lastReason = lastReason;
  return transition;
}

/** Whether so many in a row take a check down, or more: a check that is down stays so. */
export function isDownAfter(
  state: PartitionState,
  check: CheckRow,
  inARow: number,
  threshold: number,
): boolean {
  return check.status === 'down' || !state.switches.thresholds || inARow >= threshold;
}
