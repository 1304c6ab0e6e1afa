import type {
  CheckTransition,
  TransitionCause,
  TransitionReason,
  TransitionType,
} from '../event/transition.ts';
import { brokenWords } from './assertion-words.ts';
import { instantText, lengthText } from './value-words.ts';

/** What is said of a check, by the kind of verdict. */
const TYPE_WORDS: Readonly<Record<TransitionType, string>> = {
  'check.up': 'is up',
  'check.late': 'is late',
  'check.missed': 'was missed',
  'check.failed': 'failed',
  'check.degraded': 'is degraded',
  'check.hung': 'has a hung run',
  'check.slow': 'was slow',
  'check.overlap': 'overlaps itself',
  'check.early': 'reported early',
  'check.duplicate_run': 'was started twice',
  'check.recovered': 'has recovered',
  'check.unknown': 'is unknown',
  'check.miss_retracted': 'was not missed after all',
};

type ReasonWords = (transition: CheckTransition) => string;

/** Why, by the reason; each is a clause that follows a colon. */
const REASON_WORDS: Readonly<Record<TransitionReason, ReasonWords>> = {
  first_ping: ({ at }) => `its first success came at ${instantText(at)}`,
  ping_after_pause: ({ at }) => `the first success after its pause came at ${instantText(at)}`,
  ping_after_unknown: ({ at }) =>
    `a success came at ${instantText(at)}, after time in which nobody could tell`,
  expected_time_passed: ({ expectedAt }) =>
    `no success came by the expected time${instantAfterComma(expectedAt)}`,
  no_ping_by_deadline: ({ deadlineAt }) => `no success came by the deadline${instantAfterComma(deadlineAt)}`,
  blocked_by_previous_run: (transition) => {
    const openSinceAt = causeOf(transition, 'deadline')?.openRunSinceAt ?? null;
    const since = openSinceAt === null ? '' : ` of ${instantText(openSinceAt)}`;
    return `no success came by the deadline${instantAfterComma(transition.deadlineAt)}, while the run${since} was still open`;
  },
  fail_signal: ({ at }) => `the job reported a failure at ${instantText(at)}`,
  exit_status: (transition) => {
    const status = causeOf(transition, 'ping')?.exitStatus ?? null;
    return `the job ended with exit status ${status ?? 'other than 0'} at ${instantText(transition.at)}`;
  },
  assertion_broken: (transition) =>
    `what was reported at ${instantText(transition.at)} breaks an assertion${broken(transition)}`,
  throughput_too_low: (transition) =>
    `too little was done by ${instantText(transition.at)}${broken(transition)}`,
  max_runtime_exceeded: (transition) => {
    const run = causeOf(transition, 'run');
    return run === null
      ? 'a run is open for too long'
      : `the run that began at ${instantText(run.startedAt)} is open for longer than ${lengthText(run.maxRuntimeMs)}`;
  },
  progress_stopped: (transition) => {
    const run = causeOf(transition, 'run');
    return run === null
      ? 'a run stopped to show progress'
      : `the run that began at ${instantText(run.startedAt)} has given no sign of life since ${instantText(run.lastSignAt)}`;
  },
  slower_than_usual: (transition) => {
    const run = causeOf(transition, 'baseline');
    return run === null
      ? 'a run took far longer than usual'
      : `a run took ${lengthText(run.durationMs)}, and usually takes about ${lengthText(run.medianMs)}`;
  },
  previous_run_still_open: (transition) =>
    `a run began at ${instantText(transition.at)} while ${otherRun(transition)} was still open`,
  before_expected_time: ({ at, expectedAt }) =>
    `a success came at ${instantText(at)}, too early to count for ${expectedAt === null ? 'what was expected' : instantText(expectedAt)}`,
  started_elsewhere: (transition) =>
    `a run began at ${instantText(transition.at)} for the same occasion as ${otherRun(transition)}, but from another address`,
  success_after_down: ({ at, downtimeMs }) => {
    const downtime = downtimeMs === null ? '' : `, after it was down for ${lengthText(downtimeMs)}`;
    return `a success came at ${instantText(at)}${downtime}`;
  },
  ping_came_late: (transition) => {
    const late = causeOf(transition, 'retraction');
    const of = late === null ? '' : ` of ${instantText(late.receivedAt)}`;
    return `the success${of} had come in time and was only read late`;
  },
  not_listening: (transition) => `nobody listened${stretch(transition)}, when it was expected`,
  coverage_suspect: (transition) => `pings may have been lost${stretch(transition)}, when it was expected`,
};

/** The whole verdict in one sentence. */
export function summaryWords(transition: CheckTransition, name: string | null): string {
  const who = name === null ? 'The check' : `"${name}"`;
  return `${who} ${TYPE_WORDS[transition.type]}: ${REASON_WORDS[transition.reason](transition)}.`;
}

type CauseOfKind<Kind extends TransitionCause['kind']> = Extract<TransitionCause, { kind: Kind }>;

/** The cause, if it is of this kind. */
export function causeOf<Kind extends TransitionCause['kind']>(
  { cause }: CheckTransition,
  kind: Kind,
): CauseOfKind<Kind> | null {
  const isOfKind = (one: TransitionCause): one is CauseOfKind<Kind> => one.kind === kind;
  return isOfKind(cause) ? cause : null;
}

function instantAfterComma(at: number | null): string {
  return at === null ? '' : `, ${instantText(at)}`;
}

function broken(transition: CheckTransition): string {
  const all = causeOf(transition, 'assertion')?.broken ?? [];
  return all.length === 0 ? '' : `: ${all.map(brokenWords).join('; ')}`;
}

function otherRun(transition: CheckTransition): string {
  const runs = causeOf(transition, 'runs');
  return runs === null ? 'another run' : `the run of ${instantText(runs.otherStartedAt)}`;
}

function stretch(transition: CheckTransition): string {
  const hole = causeOf(transition, 'hole');
  return hole === null ? '' : ` from ${instantText(hole.fromAt)} until ${instantText(hole.untilAt)}`;
}
