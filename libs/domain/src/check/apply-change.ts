import { unreachable } from '../assert.ts';
import type { ConfigurationChange } from '../event/configuration.ts';
import { isKnownZoneVersion, nextSlotAfter } from '../schedule/schedule.ts';
import { applyPing } from './apply-ping.ts';
import type { CheckRow } from './check-row.ts';
import { HEALTHCHECKS_RULES, type CheckDefinition, type CheckRules } from './definition.ts';
import { expectAt, expectNothing, rearm } from './expectation.ts';
import type { FoldStep } from './fold-step.ts';
import { applySuspectedHole } from './hole.ts';
import { takeOrphans } from './orphan.ts';
import { NEWEST_RULES_VERSION, type BufferedChange, type PartitionState } from './partition-state.ts';
import { adjustRuns } from './run.ts';

/** What waited for its turn in the log's time, in force from `effectiveAt`. */
export function applyChange(state: PartitionState, change: BufferedChange, step: FoldStep): void {
  const { event, effectiveAt } = change;
  switch (event.type) {
    case 'check.configured':
      applyConfigured(state, change, { ...HEALTHCHECKS_RULES, ...event.definition }, step);
      return;
    case 'check.paused':
    case 'check.resumed':
    case 'check.removed': {
      const check = state.checks.get(event.checkId);
      if (check === undefined) drop(step, change, 'unknown_check');
      else applyToKnown(state, check, event, step);
      return;
    }
    case 'coverage.suspect':
      applySuspectedHole(
        state,
        { fromAt: event.fromAt, untilAt: Math.min(event.untilAt, effectiveAt) },
        step,
      );
      return;
    case 'tz.activated':
      activateZones(state, event.version, effectiveAt, step);
      return;
    case 'rules.activated':
      activateRules(state, event.version);
      return;
    default:
      unreachable(event);
  }
}

function drop(
  step: FoldStep,
  { offset }: BufferedChange,
  reason: 'unknown_check' | 'stale_version' | 'unusable_definition',
): void {
  step.note({ kind: 'dropped', offset, reason });
}

type Simple = Exclude<ConfigurationChange, { type: 'check.configured' }>;

function applyToKnown(state: PartitionState, check: CheckRow, event: Simple, step: FoldStep): void {
  step.touch(event.checkId);
  switch (event.type) {
    case 'check.paused':
      check.status = 'paused';
      check.downSinceAt = null;
      check.lastReason = null;
      check.missedInARow = 0;
      check.failedInARow = 0;
      check.successesInARow = 0;
      expectNothing(check);
      return;
    case 'check.resumed':
      // As new: nothing is expected until the job shows itself again, so that resuming never alarms by itself.
      if (check.status !== 'paused') return;
      check.status = 'new';
      check.lastReportAt = null;
      expectNothing(check);
      return;
    case 'check.removed':
      state.checks.remove(check);
      step.remove(event.checkId);
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
  const known = state.checks.get(definition.checkId);
  if (known === undefined) {
    // The API refuses what cannot be watched; a record from elsewhere must not stop the partition.
    if (state.checks.create(definition) === null) return drop(step, change, 'unusable_definition');
    step.touch(definition.checkId);
    for (const orphan of takeOrphans(state, definition.checkId, change.effectiveAt)) {
      applyPing(state, { ...orphan, lateAt: change.effectiveAt }, step);
    }
    return;
  }
  if (known.configVersion >= definition.configVersion) return drop(step, change, 'stale_version');
  const before = known.rules;
  if (!state.checks.redefine(known, definition)) return drop(step, change, 'unusable_definition');
  step.touch(definition.checkId);
  adjust(state, known, before, change.effectiveAt);
  rearm(known);
}

/**
 * A new version of a known check. Its expectation moves only when schedule or grace did, and never to before the
 * change: a shorter period must not declare missed what nobody was asked to do yet.
 */
function adjust(state: PartitionState, check: CheckRow, before: CheckRules, effectiveAt: number): void {
  const { rules, expectedAt, deadlineAt } = check;
  adjustRuns(check, before, effectiveAt);
  if (
    JSON.stringify(before.assertions) !== JSON.stringify(rules.assertions) &&
    check.memory.assertions.length > 0
  ) {
    // What was remembered for other assertions means nothing to these.
    check.remember().assertions = [];
    check.forget();
  }
  if (check.status === 'new' || check.status === 'paused') return;
  if (JSON.stringify(before.schedule) !== JSON.stringify(rules.schedule)) {
    expectAnew(state, check, effectiveAt);
  } else if (expectedAt !== null && deadlineAt !== null && rules.graceMs !== before.graceMs) {
    // Moved, not computed anew: what a hole gave to this deadline stays given.
    check.deadlineAt = Math.max(deadlineAt + rules.graceMs - before.graceMs, effectiveAt);
  }
}

/** The expectation by another schedule: counted from the last report, but never in the past. */
function expectAnew(state: PartitionState, check: CheckRow, effectiveAt: number): void {
  const { schedule, lastReportAt } = check;
  const counted = lastReportAt === null ? null : nextSlotAfter(schedule, lastReportAt);
  expectAt(
    state,
    check,
    counted !== null && counted > effectiveAt ? counted : nextSlotAfter(schedule, effectiveAt),
  );
}

/** From here on slots come from other tables: what is expected by them is computed anew, as by another schedule. */
function activateZones(state: PartitionState, version: string, effectiveAt: number, step: FoldStep): void {
  if (!isKnownZoneVersion(version)) {
    throw new Error(`This release does not know the time zone tables ${version}; start one that does.`);
  }
  if (version === state.tz) return;
  state.tz = version;
  state.checks.store.rules.useZones(version);
  for (const check of state.checks.inOrder()) {
    const { kind } = check.schedule;
    if (kind === 'interval' || kind === 'none' || check.expectedAt === null) continue;
    const { expectedAt } = check;
    const anewAt = nextSlotAfter(check.schedule, check.lastReportAt ?? effectiveAt);
    // A slot that stands already, late or not, is judged as it was promised.
    if (expectedAt <= effectiveAt || anewAt === expectedAt) continue;
    expectAnew(state, check, effectiveAt);
    rearm(check);
    step.touch(check.checkId);
  }
}

function activateRules(state: PartitionState, version: number): void {
  if (version > NEWEST_RULES_VERSION) {
    throw new Error(
      `This release knows the rules up to ${NEWEST_RULES_VERSION}, not ${version}; start a newer one.`,
    );
  }
  state.rules = Math.max(state.rules, version);
}
