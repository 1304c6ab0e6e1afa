import { unreachable } from '../assert.ts';
import type { ConfigurationChange } from '../event/configuration.ts';
import { compileSchedule, nextSlotAfter, type CompiledSchedule } from '../schedule/schedule.ts';
import { newCheckState, type CheckState } from './check-state.ts';
import type { CheckDefinition } from './definition.ts';
import { expectAt, expectNothing, rearm } from './expectation.ts';
import type { FoldStep } from './fold-step.ts';
import type { BufferedChange, PartitionState } from './partition-state.ts';

/** A change of configuration in its turn, in force from `effectiveAt`. */
export function applyChange(state: PartitionState, change: BufferedChange, step: FoldStep): void {
  const { event } = change;
  if (event.type === 'check.configured') {
    applyConfigured(state, change, event.definition, step);
    return;
  }
  const check = state.checks.get(event.checkId);
  if (check === undefined) {
    step.effects.push({ kind: 'dropped', offset: change.offset, reason: 'unknown_check' });
    return;
  }
  applyToKnown(state, check, event, step);
  step.touched.add(event.checkId);
}

type Simple = Exclude<ConfigurationChange, { type: 'check.configured' }>;

function applyToKnown(state: PartitionState, check: CheckState, event: Simple, step: FoldStep): void {
  switch (event.type) {
    case 'check.paused':
      check.status = 'paused';
      check.downSinceAt = null;
      check.lastReason = null;
      check.missedInARow = 0;
      check.failedInARow = 0;
      check.successesInARow = 0;
      expectNothing(check);
      rearm(state, check);
      return;
    case 'check.resumed':
      // As new: nothing is expected until the job shows itself again, so that resuming never alarms by itself.
      if (check.status !== 'paused') return;
      check.status = 'new';
      check.lastReportAt = null;
      check.lastPingAt = null;
      expectNothing(check);
      rearm(state, check);
      return;
    case 'check.removed':
      state.checks.delete(event.checkId);
      step.removed.add(event.checkId);
      return;
    default:
      unreachable(event);
  }
}

function applyConfigured(
  state: PartitionState,
  change: BufferedChange,
  definition: CheckDefinition,
  step: FoldStep,
): void {
  const compiled = compileSchedule(definition.schedule);
  const known = state.checks.get(definition.checkId);
  // The API refuses what cannot be compiled; a record from elsewhere must not stop the partition.
  if (!compiled.ok || (known !== undefined && known.definition.configVersion >= definition.configVersion)) {
    step.effects.push({ kind: 'dropped', offset: change.offset, reason: 'stale_version' });
    return;
  }
  step.touched.add(definition.checkId);
  if (known === undefined) {
    state.checks.set(definition.checkId, newCheckState(definition, compiled.compiled));
    return;
  }
  reconfigure(state, known, { definition, schedule: compiled.compiled, effectiveAt: change.effectiveAt });
  rearm(state, known);
}

interface NewVersion {
  readonly definition: CheckDefinition;
  readonly schedule: CompiledSchedule;
  readonly effectiveAt: number;
}

/**
 * A new version of a known check. Its expectation moves only when schedule or grace did, and never to before the
 * change: a shorter period must not declare missed what nobody was asked to do yet.
 */
function reconfigure(state: PartitionState, check: CheckState, to: NewVersion): void {
  const { definition, schedule, effectiveAt } = to;
  const scheduleChanged = JSON.stringify(check.definition.schedule) !== JSON.stringify(definition.schedule);
  const moreGraceMs = definition.graceMs - check.definition.graceMs;
  check.definition = definition;
  check.schedule = schedule;
  if (check.expectedAt === null || check.deadlineAt === null) return;
  if (scheduleChanged) {
    const counted = check.lastReportAt === null ? null : nextSlotAfter(schedule, check.lastReportAt);
    expectAt(
      state,
      check,
      counted !== null && counted > effectiveAt ? counted : nextSlotAfter(schedule, effectiveAt),
    );
  } else if (moreGraceMs !== 0) {
    // Moved, not computed anew: what a hole gave to this deadline stays given.
    check.deadlineAt = Math.max(check.deadlineAt + moreGraceMs, effectiveAt);
  }
}
