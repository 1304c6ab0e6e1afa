import type {
  CheckTransition,
  TransitionCause,
  TransitionReason,
  TransitionType,
} from '../event/transition.ts';
import type { CheckState } from './check-state.ts';
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
}

/** When a verdict holds: its event's own time, but never before the verdict that came before it. */
export function instantOfVerdict(check: CheckState, eventAt: number): number {
  return Math.max(eventAt, check.lastVerdictAt);
}

/** Numbers a verdict, moves the check to its new status and puts it into the step. */
export function pronounce(
  state: PartitionState,
  check: CheckState,
  step: FoldStep,
  facts: VerdictFacts,
): CheckTransition {
  const { checkId, projectId, configVersion } = check.definition;
  const at = instantOfVerdict(check, facts.at);
  check.seq += 1;
  state.oseq += 1;
  const transition: CheckTransition = {
    v: 1,
    type: facts.type,
    id: `${checkId}:${check.seq}`,
    checkId,
    projectId,
    seq: check.seq,
    oseq: state.oseq,
    at,
    expectedAt: check.expectedAt,
    deadlineAt: check.deadlineAt,
    statusBefore: check.status,
    statusAfter: facts.statusAfter,
    reason: facts.reason,
    configVersion,
    cause: facts.cause,
    missedInARow: check.missedInARow,
    failedInARow: check.failedInARow,
    downtimeMs: facts.downtimeMs ?? null,
  };
  if (check.status !== 'down' && facts.statusAfter === 'down') check.downSinceAt = at;
  if (facts.statusAfter !== 'down') check.downSinceAt = null;
  check.status = facts.statusAfter;
  check.lastVerdictAt = at;
  check.lastReason = facts.reason;
  step.verdicts.push(transition);
  step.touched.add(checkId);
  return transition;
}
