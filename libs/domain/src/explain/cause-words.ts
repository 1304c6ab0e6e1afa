import { unreachable } from '../assert.ts';
import type {
  AssertionCause,
  BaselineCause,
  CheckTransition,
  DeadlineCause,
  PingCause,
  RunCause,
  RunsCause,
} from '../event/transition.ts';
import { brokenFacts, brokenWords } from './assertion-words.ts';
import { explanationStep, type ExplanationStep } from './explanation.ts';
import { instantText, lengthText } from './value-words.ts';

/** The fact that led to a verdict, in words: what came, what did not, what was seen instead. */
export function causeStep({ cause, reason }: CheckTransition): ExplanationStep {
  switch (cause.kind) {
    case 'ping':
      return explanationStep('cause', pingWords(cause), { ...cause });
    case 'deadline':
      return explanationStep('cause', deadlineWords(cause), { ...cause });
    case 'run':
      return explanationStep('cause', runWords(cause), { ...cause });
    case 'runs':
      return explanationStep('cause', runsWords(cause), { ...cause });
    case 'baseline':
      return explanationStep('cause', baselineWords(cause), { ...cause });
    case 'assertion':
      return explanationStep('cause', assertionWords(cause), { ...cause, broken: brokenFacts(cause.broken) });
    case 'hole': {
      const what = reason === 'coverage_suspect' ? 'Pings may have been lost' : 'Nobody listened';
      const words = `${what} from ${instantText(cause.fromAt)} until ${instantText(cause.untilAt)}, for ${lengthText(cause.untilAt - cause.fromAt)}.`;
      return explanationStep('cause', words, { ...cause });
    }
    case 'retraction': {
      const words = `${pingNamed(cause)} had come at ${instantText(cause.receivedAt)}, in time for the expectation that transition ${cause.retractedSeq} calls missed, but was read only after it.`;
      return explanationStep('cause', words, { ...cause });
    }
    default:
      return unreachable(cause);
  }
}

function pingNamed({ n, offset }: { readonly n: number; readonly offset: number }): string {
  return `Ping ${n} (record ${offset} of the log)`;
}

function runNamed(rid: string | null): string {
  return rid === null ? 'without an id' : rid;
}

function pingWords(cause: PingCause): string {
  const { exitStatus, durationMs, lateEnd } = cause;
  const status = exitStatus === null ? '' : ` with exit status ${exitStatus}`;
  const run = durationMs === null ? '' : ` and ended a run of ${lengthText(durationMs)}`;
  const late = lateEnd ? ', which had been called hung' : '';
  return `${pingNamed(cause)} came${status}${run}${late}.`;
}

function deadlineWords({ lastPingOffset, openRunSinceAt }: DeadlineCause): string {
  const last =
    lastPingOffset === null
      ? 'no report of the check is known'
      : `the newest report of the check is record ${lastPingOffset} of the log`;
  const run =
    openRunSinceAt === null ? '' : `, and the run that began at ${instantText(openRunSinceAt)} is still open`;
  return `No success has come for it: ${last}${run}.`;
}

function runWords({ rid, startedAt, lastSignAt, maxRuntimeMs }: RunCause): string {
  const sign =
    lastSignAt === startedAt ? 'no sign of life since' : `a sign of life at ${instantText(lastSignAt)}`;
  return `The run ${runNamed(rid)} began at ${instantText(startedAt)}, gave ${sign}, and may take ${lengthText(maxRuntimeMs)}.`;
}

function runsWords(cause: RunsCause): string {
  const { rid, otherRid, otherStartedAt } = cause;
  return `${pingNamed(cause)} started the run ${runNamed(rid)}; the run ${runNamed(otherRid)} began at ${instantText(otherStartedAt)}.`;
}

function baselineWords(cause: BaselineCause): string {
  const { durationMs, medianMs, samples } = cause;
  return `${pingNamed(cause)} ended a run of ${lengthText(durationMs)}; half of the ${samples} runs that are remembered take up to about ${lengthText(medianMs)}.`;
}

function assertionWords({ offset, n, broken }: AssertionCause): string {
  const seen = broken.map(brokenWords).join('; ');
  const where = offset === null || n === null ? '' : `${pingNamed({ offset, n })}: `;
  return `${where}${seen}.`.replace(/^./, (letter) => letter.toUpperCase());
}
