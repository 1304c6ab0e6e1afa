import { describe, expect, it } from '@jest/globals';
import { definition } from '../check/timeline.contract.ts';
import {
  TRANSITION_REASONS,
  TRANSITION_TYPES,
  type CheckTransition,
  type CoverageHole,
} from '../event/transition.ts';
import { STORIES, toldFor, transitionsOf } from './explain-stories.contract.ts';
import { explain, explainHole, type Explanation, type StepSubject } from './explain.ts';

const all = Object.values(STORIES).flatMap(transitionsOf);
const holes = (story: keyof typeof STORIES) =>
  STORIES[story]().verdicts.filter((verdict): verdict is CoverageHole => verdict.type === 'coverage.hole');
const ofStory = (story: keyof typeof STORIES, type: CheckTransition['type'], place = 0): CheckTransition => {
  const found = transitionsOf(STORIES[story]).filter((one) => one.type === type)[place];
  if (found === undefined) throw new Error(`"${story}" has no ${type}`);
  return found;
};
const words = ({ steps }: Explanation, about: StepSubject) =>
  steps.find((step) => step.about === about)?.words ?? null;
const data = ({ steps }: Explanation, about: StepSubject) =>
  steps.find((step) => step.about === about)?.data ?? null;

/** What is said for every reason, by the type of the first transition in the stories that has it. */
const SUMMARIES = [
  ['first_ping', 'is up: its first success came at 2026-03-02T12:00:00Z.'],
  ['ping_after_pause', 'is up: the first success after its pause came at 2026-03-02T12:00:30Z.'],
  [
    'ping_after_unknown',
    'is up: a success came at 2026-03-02T12:30:05Z, after time in which nobody could tell.',
  ],
  ['expected_time_passed', 'is late: no success came by the expected time, 2026-03-02T12:01:00Z.'],
  ['no_ping_by_deadline', 'was missed: no success came by the deadline, 2026-03-02T12:01:10Z.'],
  [
    'blocked_by_previous_run',
    'was missed: no success came by the deadline, 2026-03-02T12:01:10Z, while the run of 2026-03-02T12:00:30Z was still open.',
  ],
  ['fail_signal', 'failed: the job reported a failure at 2026-03-02T12:00:10Z.'],
  ['exit_status', 'failed: the job ended with exit status 3 at 2026-03-02T12:00:10Z.'],
  [
    'assertion_broken',
    'failed: what was reported at 2026-03-02T12:01:00Z breaks an assertion: rows was 0, but must be > 0.',
  ],
  [
    'throughput_too_low',
    'failed: too little was done by 2026-03-02T13:01:52.500Z: the successes of the last 1 h came to 0, but must come to at least 2.',
  ],
  [
    'max_runtime_exceeded',
    'has a hung run: the run that began at 2026-03-02T12:00:30Z is open for longer than 1 h.',
  ],
  [
    'progress_stopped',
    'has a hung run: the run that began at 2026-03-02T12:01:00Z has given no sign of life since 2026-03-02T12:01:30Z.',
  ],
  ['slower_than_usual', 'was slow: a run took 2 min, and usually takes about 19 s 989 ms.'],
  [
    'previous_run_still_open',
    'overlaps itself: a run began at 2026-03-02T12:30:00Z while the run of 2026-03-02T12:00:00Z was still open.',
  ],
  [
    'before_expected_time',
    'reported early: a success came at 2026-03-02T12:45:00Z, too early to count for 2026-03-02T13:00:00Z.',
  ],
  [
    'started_elsewhere',
    'was started twice: a run began at 2026-03-02T12:00:01Z for the same occasion as the run of 2026-03-02T12:00:00Z, but from another address.',
  ],
  [
    'success_after_down',
    'has recovered: a success came at 2026-03-02T12:05:00Z, after it was down for 2 min 50 s.',
  ],
  [
    'ping_came_late',
    'was not missed after all: the success of 2026-03-02T12:00:50Z had come in time and was only read late.',
  ],
  [
    'not_listening',
    'is unknown: nobody listened from 2026-03-02T12:00:00.001Z until 2026-03-02T12:30:00Z, when it was expected.',
  ],
  [
    'coverage_suspect',
    'is unknown: pings may have been lost from 2026-03-02T12:20:00Z until 2026-03-02T12:33:00Z, when it was expected.',
  ],
] as const;

describe('the explanation of a transition', () => {
  it.each(SUMMARIES)('says in one sentence of its own what happened: %s', (reason, sentence) => {
    expect(explain(toldFor(reason), definition()).summary).toBe(`"Backup" ${sentence}`);
  });

  it('has a sentence for every reason and every type, and no two are alike', () => {
    expect(SUMMARIES.map(([reason]) => reason)).toEqual([...TRANSITION_REASONS]);
    expect([...new Set(all.map(({ type }) => type))].sort()).toEqual([...TRANSITION_TYPES].sort());
    const clauses = SUMMARIES.map(([, sentence]) => sentence.replaceAll(/\d+/g, '0'));
    expect(new Set(clauses).size).toBe(TRANSITION_REASONS.length);
    const verbs = TRANSITION_TYPES.map((type) => {
      const transition = all.find((one) => one.type === type);
      return transition && explain(transition).summary.split(':')[0];
    });
    expect(new Set(verbs).size).toBe(TRANSITION_TYPES.length);
  });

  it('tells a failure from a degradation for the same reason', () => {
    expect(explain(toldFor('throughput_too_low', 'check.degraded')).summary).toMatch(
      /^The check is degraded: too little was done by /,
    );
    expect(explain(toldFor('assertion_broken', 'check.degraded')).summary).toMatch(
      /^The check is degraded: what was reported /,
    );
  });

  it('has only whole sentences, and data that survives JSON', () => {
    for (const transition of all) {
      const { summary, steps } = explain(transition, definition());
      for (const sentence of [summary, ...steps.map((step) => step.words)]) {
        expect(sentence).toMatch(/^["A-Z].*\.$/);
        expect(sentence).not.toMatch(/undefined|NaN|null|\[object|check\.|_/);
      }
      expect(JSON.parse(JSON.stringify(steps))).toEqual(steps);
      expect(steps.at(-1)?.about).toBe('versions');
    }
  });

  it('is the chain of causes of a miss', () => {
    const missed = ofStory('first ping, late, two misses, back', 'check.missed', 1);
    const { steps } = explain(missed, definition({ missedThreshold: 2 }));
    expect(steps.map((step) => `${step.about}: ${step.words}`)).toEqual([
      'expectation: A success was expected at 2026-03-02T12:02:00Z, by its schedule "Every minute".',
      'cause: No success has come for it: the newest report of the check is record 2 of the log.',
      'grace: The grace is 10 s: a success is in time until 2026-03-02T12:02:10Z.',
      'status: The check was up and became down: that was the second miss in a row, of the two that take it down.',
      "versions: Judged by version 1 of the check's configuration, version 1 of the rules and version 2025c of the time zones.",
    ]);
    expect(steps[0]?.data).toEqual({
      expectedAt: missed.expectedAt,
      deadlineAt: missed.deadlineAt,
      schedule: { kind: 'interval', periodMs: 60_000 },
    });
    expect(steps[1]?.data).toEqual({ ...missed.cause });
  });

  it('says which share of a threshold is reached, as far as it knows the threshold', () => {
    const first = ofStory('first ping, late, two misses, back', 'check.missed', 0);
    expect(words(explain(first), 'status')).toBe(
      'The check stays up: that was the first miss in a row, and not yet enough to take it down.',
    );
    expect(words(explain(first, definition({ missedThreshold: 12 })), 'status')).toBe(
      'The check stays up: that was the first miss in a row, of the 12 that take it down.',
    );
    const failed = toldFor('fail_signal');
    expect(words(explain(failed, definition()), 'status')).toBe(
      'The check was up and became down: that was the first failure in a row, of the one that takes it down.',
    );
    const third = ofStory('first ping, late, two misses, back', 'check.missed', 2);
    expect(words(explain(third, definition()), 'status')).toBe(
      'The check stays down: it was down before; that was the third miss in a row.',
    );
  });

  it('tells what was added to a deadline', () => {
    const missed = ofStory('a hole of a minute', 'check.missed');
    const explanation = explain(missed);
    expect(words(explanation, 'grace')).toContain('until 2026-03-02T12:01:30Z');
    expect(words(explanation, 'allowance')).toContain('moved by 1 min to 2026-03-02T12:02:30Z');
    expect(data(explanation, 'allowance')).toEqual({ addedMs: 60_000, deadlineAt: missed.deadlineAt });
    expect(words(explain(toldFor('no_ping_by_deadline')), 'allowance')).toBeNull();
  });

  it('tells what was added to a run', () => {
    const hung = toldFor('max_runtime_exceeded');
    expect(words(explain(hung), 'allowance')).toBeNull();
    expect(data(explain({ ...hung, at: hung.at + 90_000 }), 'allowance')).toEqual({ addedMs: 90_000 });
  });

  it('says why a verdict is dated later than what it is about', () => {
    expect(words(explain(toldFor('ping_came_late')), 'order')).toBe(
      'It is dated 2026-03-02T12:02:10Z and not 2026-03-02T12:00:50Z, because another verdict on the check had come before it.',
    );
    expect(all.filter((one) => words(explain(one), 'order') !== null).map(({ type }) => type)).toEqual([
      'check.miss_retracted',
    ]);
  });

  it('says of a held one that it is told after a wait', () => {
    const missed = toldFor('no_ping_by_deadline');
    expect(words(explain({ ...missed, hold: true }), 'hold')).toMatch(/told after a wait/);
    expect(words(explain(missed), 'hold')).toBeNull();
  });

  it('leaves out the rules of another version of the configuration', () => {
    const missed = toldFor('no_ping_by_deadline');
    const explanation = explain(missed, definition({ configVersion: 7, missedThreshold: 5 }));
    expect(words(explanation, 'expectation')).toContain('by version 1 of its configuration');
    expect(words(explanation, 'status')).not.toContain('five');
    expect(words(explanation, 'versions')).toContain('at version 7 now');
    expect(explanation.summary).toContain('"Backup"');
  });

  it('does without a schedule that this release cannot read', () => {
    const missed = toldFor('no_ping_by_deadline');
    const unreadable = definition({ schedule: { kind: 'window', window: '99:99', zone: 'UTC' } });
    expect(words(explain(missed, unreadable), 'expectation')).toContain('by version 1 of its configuration');
    expect(words(explain({ ...missed, tz: '2099z' }, definition()), 'expectation')).toContain('by version 1');
  });

  it('says of a window that it closes at the expected time', () => {
    const window = definition({ schedule: { kind: 'window', window: '06:00-08:00', zone: 'UTC' } });
    expect(words(explain(toldFor('no_ping_by_deadline'), window), 'expectation')).toMatch(
      /"Between 06:00 and 08:00, every day, in UTC" \(the window closes then\)\.$/,
    );
  });
});

describe('the explanation of a hole', () => {
  it('says what follows from it, as the fold did', () => {
    const [short] = holes('a hole of a minute').map(explainHole);
    expect(short?.summary).toBe(
      'Partition 0 has a hole of 1 min, from 2026-03-02T12:00:20.001Z until 2026-03-02T12:01:20.001Z: nobody listened, or pings may have been lost on their way.',
    );
    expect(short && words(short, 'allowance')).toMatch(/has its deadline moved by 1 min/);
    expect(ofStory('a hole of a minute', 'check.missed').type).toBe('check.missed');
    const [long] = holes('a hole of a minute and a millisecond').map(explainHole);
    expect(long && words(long, 'allowance')).toMatch(/is void: a check that was up is unknown/);
    expect(ofStory('a hole of a minute and a millisecond', 'check.unknown').type).toBe('check.unknown');
  });
});
