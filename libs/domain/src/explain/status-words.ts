import { unreachable } from '../assert.ts';
import type { CheckTransition } from '../event/transition.ts';
import { explanationStep, type ExplainedCheck, type ExplanationStep } from './explanation.ts';
import { cardinalText, lengthText, ordinalText } from './value-words.ts';

/** What the status was and became, and why it did or did not change. */
export function statusStep(transition: CheckTransition, check: ExplainedCheck | null): ExplanationStep {
  const { statusBefore, statusAfter, missedInARow, failedInARow, downtimeMs } = transition;
  const change =
    statusBefore === statusAfter
      ? `The check stays ${statusAfter}`
      : `The check was ${statusBefore} and became ${statusAfter}`;
  const data = { statusBefore, statusAfter, missedInARow, failedInARow, downtimeMs };
  return explanationStep('status', `${change}: ${whyWords(transition, check)}.`, data);
}

function whyWords(transition: CheckTransition, check: ExplainedCheck | null): string {
  switch (transition.type) {
    case 'check.up':
      return 'a success is a sign that the job works';
    case 'check.missed':
      return countWords(transition, 'miss', transition.missedInARow, check?.missedThreshold);
    case 'check.failed':
      return countWords(transition, 'failure', transition.failedInARow, check?.failedThreshold);
    case 'check.hung':
      return transition.statusBefore === 'down'
        ? 'it was down before, and a hung run is told all the same'
        : 'a hung run takes a check down, whatever its thresholds';
    case 'check.recovered':
      return recoveredWords(transition, check);
    case 'check.unknown':
      return 'what was expected in that time is void, and nobody is to blame for it';
    case 'check.miss_retracted':
      return `one miss less counts, so that ${countLeft(transition.missedInARow)}; nothing that was told is deleted`;
    case 'check.late':
      return 'there is still time until the deadline';
    case 'check.degraded':
      return 'the broken assertion is of the severity that only records';
    case 'check.slow':
    case 'check.overlap':
    case 'check.early':
    case 'check.duplicate_run':
      return 'a verdict of this kind only records what was seen';
    default:
      return unreachable(transition.type);
  }
}

/** "that was the second miss in a row, of the two that take it down". */
function countWords(
  { statusBefore, statusAfter }: CheckTransition,
  what: string,
  inARow: number,
  threshold: number | undefined,
): string {
  const count = `that was the ${ordinalText(inARow)} ${what} in a row`;
  if (statusBefore === 'down') return `it was down before; ${count}`;
  if (threshold !== undefined) {
    const needed = threshold === 1 ? 'the one that takes' : `the ${cardinalText(threshold)} that take`;
    return `${count}, of ${needed} it down`;
  }
  return statusAfter === 'down'
    ? `${count}, and enough to take it down`
    : `${count}, and not yet enough to take it down`;
}

function countLeft(missedInARow: number): string {
  if (missedInARow === 0) return 'none is left in a row';
  return missedInARow === 1 ? 'one is left in a row' : `${cardinalText(missedInARow)} are left in a row`;
}

function recoveredWords({ downtimeMs }: CheckTransition, check: ExplainedCheck | null): string {
  const threshold = check?.recoveryThreshold ?? 1;
  const successes =
    threshold === 1
      ? 'enough successes came in a row'
      : `${cardinalText(threshold)} successes in a row bring it back up`;
  return downtimeMs === null ? successes : `${successes}; it had been down for ${lengthText(downtimeMs)}`;
}
