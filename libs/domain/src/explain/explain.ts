import { EXTENDING_HOLE_MS } from '../check/hole.ts';
import type { CheckTransition, CoverageHole } from '../event/transition.ts';
import { compileSchedule, isKnownZoneVersion } from '../schedule/schedule.ts';
import { describeSchedule } from '../schedule/describe-schedule.ts';
import { causeStep } from './cause-words.ts';
import {
  explanationStep,
  type ExplainedCheck,
  type Explanation,
  type ExplanationStep,
} from './explanation.ts';
import { statusStep } from './status-words.ts';
import { causeOf, summaryWords } from './summary.ts';
import { instantText, lengthText } from './value-words.ts';

export type {
  ExplainedCheck,
  ExplainedValue,
  Explanation,
  ExplanationStep,
  StepSubject,
} from './explanation.ts';

/**
 * Why a verdict was given, out of the verdict itself: nothing is looked up and nothing judged again. What only the
 * check's configuration knows (its name, its rule, its thresholds) is told if the caller has it.
 */
export function explain(transition: CheckTransition, check: ExplainedCheck | null = null): Explanation {
  const judgedBy = check !== null && isJudgedBy(transition, check) ? check : null;
  const steps = [
    expectationStep(transition, judgedBy),
    causeStep(transition),
    graceStep(transition),
    deadlineAllowance(transition),
    runAllowance(transition),
    orderStep(transition),
    statusStep(transition, judgedBy),
    holdStep(transition),
    versionsStep(transition, check),
  ];
  return {
    summary: summaryWords(transition, check?.name ?? null),
    steps: steps.filter((step) => step !== null),
  };
}

/** Why there is a hole, and what follows from it for the partition's checks. */
export function explainHole(hole: CoverageHole): Explanation {
  const { partition, fromAt, untilAt } = hole;
  const lengthMs = untilAt - fromAt;
  const stretch = `from ${instantText(fromAt)} until ${instantText(untilAt)}`;
  const consequence =
    lengthMs <= EXTENDING_HOLE_MS
      ? `What was expected in it has its deadline moved by ${lengthText(lengthMs)}, and so do runs that were to end in it.`
      : `What was expected in it is void: a check that was up is unknown, and nobody is told that it was missed. Runs that were to end in it may take ${lengthText(lengthMs)} longer.`;
  return {
    summary: `Partition ${partition} has a hole of ${lengthText(lengthMs)}, ${stretch}: nobody listened, or pings may have been lost on their way.`,
    steps: [
      explanationStep('cause', `No ping of the partition can be counted on ${stretch}.`, {
        partition,
        fromAt,
        untilAt,
        lengthMs,
      }),
      explanationStep('allowance', consequence, { isExtended: lengthMs <= EXTENDING_HOLE_MS }),
    ],
  };
}

function isJudgedBy({ configVersion }: CheckTransition, check: ExplainedCheck): boolean {
  return check.configVersion === undefined || check.configVersion === configVersion;
}

function expectationStep(transition: CheckTransition, check: ExplainedCheck | null): ExplanationStep | null {
  const { expectedAt, deadlineAt, configVersion, cause } = transition;
  if (expectedAt === null) return null;
  const rule = ruleWords(transition, check) ?? `by version ${configVersion} of its configuration`;
  const isDue = cause.kind === 'deadline' || cause.kind === 'hole';
  const words = `${isDue ? 'A' : 'The next'} success was expected at ${instantText(expectedAt)}, ${rule}.`;
  return explanationStep('expectation', words, {
    expectedAt,
    deadlineAt,
    schedule: check === null ? null : { ...check.schedule },
  });
}

/** The schedule in words; null when nobody said it, or when this release cannot read it. */
function ruleWords({ at, tz }: CheckTransition, check: ExplainedCheck | null): string | null {
  if (check === null || !isKnownZoneVersion(tz)) return null;
  const { schedule } = check;
  if (!compileSchedule(schedule, tz).ok) return null;
  const { words } = describeSchedule(schedule, { fromAt: at, zoneVersion: tz });
  const closing = schedule.kind === 'window' ? ' (the window closes then)' : '';
  return `by its schedule "${words}"${closing}`;
}

function graceStep(transition: CheckTransition): ExplanationStep | null {
  const { expectedAt } = transition;
  const graceMs = causeOf(transition, 'deadline')?.graceMs ?? null;
  if (graceMs === null || expectedAt === null) return null;
  const words =
    graceMs === 0
      ? 'There is no grace: the expected time is the deadline.'
      : `The grace is ${lengthText(graceMs)}: a success is in time until ${instantText(expectedAt + graceMs)}.`;
  return explanationStep('grace', words, { graceMs, untilAt: expectedAt + graceMs });
}

/** What was added to a deadline beyond the grace. The transition does not say by what, only that something did. */
function deadlineAllowance(transition: CheckTransition): ExplanationStep | null {
  const { expectedAt, deadlineAt } = transition;
  const graceMs = causeOf(transition, 'deadline')?.graceMs ?? null;
  if (graceMs === null || expectedAt === null || deadlineAt === null) return null;
  const addedMs = deadlineAt - expectedAt - graceMs;
  if (addedMs <= 0) return null;
  const words = `The deadline was moved by ${lengthText(addedMs)} to ${instantText(deadlineAt)}: for time in which pings could not be heard, or because a change of the configuration takes no time away.`;
  return explanationStep('allowance', words, { addedMs, deadlineAt });
}

/** The same of a run. */
function runAllowance(transition: CheckTransition): ExplanationStep | null {
  const run = causeOf(transition, 'run');
  if (run === null || transition.reason !== 'max_runtime_exceeded') return null;
  const addedMs = transition.at - run.startedAt - run.maxRuntimeMs;
  if (addedMs <= 0) return null;
  const words = `It was given ${lengthText(addedMs)} more: for time in which its end could not be heard or was read late, or because of an earlier verdict or a change of the configuration.`;
  return explanationStep('allowance', words, { addedMs });
}

/** Verdicts on a check are in the order of time; what came up late is dated by the verdict before it. */
function orderStep(transition: CheckTransition): ExplanationStep | null {
  const eventAt = instantOfEvent(transition);
  if (eventAt === null || transition.at <= eventAt) return null;
  const words = `It is dated ${instantText(transition.at)} and not ${instantText(eventAt)}, because another verdict on the check had come before it.`;
  return explanationStep('order', words, { at: transition.at, eventAt });
}

/** When what a verdict is about happened, as far as it says so. */
function instantOfEvent({ type, cause, expectedAt, deadlineAt }: CheckTransition): number | null {
  if (cause.kind === 'hole') return cause.untilAt;
  if (cause.kind === 'retraction') return cause.receivedAt;
  if (cause.kind !== 'deadline') return null;
  return type === 'check.late' ? expectedAt : deadlineAt;
}

function holdStep({ hold }: CheckTransition): ExplanationStep | null {
  if (!hold) return null;
  const words =
    'Most of what was expected of the partition within a minute was missing, from several projects at once: it is told after a wait, and not at all if it is over by then.';
  return explanationStep('hold', words, { hold });
}

function versionsStep(transition: CheckTransition, check: ExplainedCheck | null): ExplanationStep {
  const { configVersion, tz, rules } = transition;
  const since =
    check === null || isJudgedBy(transition, check)
      ? ''
      : ` The configuration is at version ${check.configVersion} now, so its schedule and thresholds are not told here.`;
  const words = `Judged by version ${configVersion} of the check's configuration, version ${rules} of the rules and version ${tz} of the time zones.${since}`;
  return explanationStep('versions', words, { configVersion, rules, tz });
}
