import type { CheckDefinition } from '../check/definition.ts';
import { HOUR, MINUTE, instant, listening, type Timeline } from '../check/timeline.contract.ts';
import type { CheckTransition, TransitionReason } from '../event/transition.ts';

// Real logs in which every type and every reason of a transition occurs at least once.
const HOURLY = { kind: 'cron', expressions: ['0 * * * *'], zone: 'UTC' } as const;
const SELDOM = { kind: 'interval', periodMs: 10 * HOUR } as const;
const ALL = { watchedRuns: 'all', maxRuntimeMs: HOUR } as const;

const suspect = (line: Timeline, from: string, until: string): Timeline =>
  line.record({
    v: 1,
    type: 'coverage.suspect',
    producer: 'operator',
    epoch: 1,
    pseq: 1,
    fromAt: instant(from),
    untilAt: instant(until),
    reason: 'operator',
  });

const asserting = (severity: 'failed' | 'degraded'): Partial<CheckDefinition> => ({
  schedule: SELDOM,
  assertions: [
    { kind: 'metric', metric: 'rows', op: '>', value: 0, required: false, severity },
    { kind: 'throughput', metric: null, atLeast: 2, windowMs: HOUR, severity },
  ],
});

const usualRuns = (): Timeline => {
  const line = listening({ schedule: { kind: 'interval', periodMs: 5 * MINUTE }, graceMs: HOUR, ...ALL });
  for (let minute = 0; minute < 50; minute += 5) {
    const time = `12:${String(minute).padStart(2, '0')}`;
    line.ping(`${time}:00`, { kind: 'start' }).ping(`${time}:20`);
  }
  return line.ping('12:50:00', { kind: 'start' }).ping('12:52:00');
};

/** Each story by its name. */
export const STORIES = {
  'first ping, late, two misses, back': () =>
    listening({ missedThreshold: 2 }).ping('12:00:00').passes('12:02:30').ping('12:05:00').ping('12:05:30'),
  'paused and back': () => listening().ping('12:00:00').change('check.paused').ping('12:00:30'),
  'an ingest dies, a hole, and back': () =>
    listening().ping('12:00:00').expire('a').join('b', '12:30:00').ping('12:30:05', { via: 'b' }),
  'pings lost on their way': () =>
    suspect(
      listening({ schedule: { kind: 'interval', periodMs: 30 * MINUTE }, graceMs: 10 * MINUTE })
        .ping('12:00:00')
        .passes('12:35:00'),
      '12:20:00',
      '12:33:00',
    ),
  'a hole of a minute': () =>
    listening().ping('12:00:20').expire('a').join('b', '12:01:20.001').passes('12:02:40'),
  'a hole of a minute and a millisecond': () =>
    listening().ping('12:00:20').expire('a').join('b', '12:01:20.002').passes('12:02:20'),
  'blocked by a run that stays open': () =>
    listening({ maxRuntimeMs: HOUR })
      .ping('12:00:00')
      .ping('12:00:30', { kind: 'start', rid: 'r' })
      .passes('13:01:00'),
  'a job that fails': () => listening().ping('12:00:00').ping('12:00:10', { kind: 'fail' }),
  'a job that exits with 3': () =>
    listening({ failedThreshold: 2 }).ping('12:00:00').ping('12:00:10', { kind: 'fail', exitStatus: 3 }),
  'assertions that fail': () =>
    listening(asserting('failed'))
      .ping('12:00:00', { metrics: { rows: 5 } })
      .ping('12:01:00', { metrics: { rows: 0 } })
      .passes('14:30:00'),
  'assertions that degrade': () =>
    listening(asserting('degraded'))
      .ping('12:00:00', { metrics: { rows: 0 } })
      .passes('14:30:00'),
  'no progress': () =>
    listening({ ...ALL, schedule: SELDOM, progressIntervalMs: MINUTE })
      .ping('12:00:00')
      .ping('12:01:00', { kind: 'start', rid: 'r' })
      .ping('12:01:30', { kind: 'progress', rid: 'r' })
      .passes('12:10:00'),
  'a slow run': usualRuns,
  'two runs at once': () =>
    listening({ ...ALL, schedule: SELDOM })
      .ping('12:00:00', { kind: 'start', rid: 'one' })
      .ping('12:30:00', { kind: 'start', rid: 'two' }),
  'one job on two machines': () =>
    listening({ ...ALL, schedule: HOURLY })
      .ping('12:00:00', { kind: 'start', rid: 'one', from: '10.0.0.1' })
      .ping('12:00:01', { kind: 'start', rid: 'two', from: '10.0.0.2' }),
  'too early': () =>
    listening({ schedule: HOURLY, graceMs: 10 * MINUTE })
      .ping('12:00:00')
      .ping('12:45:00'),
  'read late': () =>
    listening()
      .join('b', '11:00')
      .ping('12:00:00')
      .expire('b')
      .passes('12:03:00')
      .unclosedPing('12:00:50', { via: 'b' }),
} satisfies Readonly<Record<string, () => Timeline>>;

/** The transitions of a story. */
export function transitionsOf(story: () => Timeline): CheckTransition[] {
  return story().verdicts.filter((verdict) => verdict.type !== 'coverage.hole');
}

/** The first transition of any story with this reason, and this type if it is given. */
export function toldFor(reason: TransitionReason, type?: CheckTransition['type']): CheckTransition {
  const all = Object.values(STORIES).flatMap(transitionsOf);
  const found = all.find((one) => one.reason === reason && (type === undefined || one.type === type));
  if (found === undefined) throw new Error(`No story has a transition for ${reason}.`);
  return found;
}
