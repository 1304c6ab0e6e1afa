import {
  HEALTHCHECKS_RULES,
  type Assertion,
  type Beat,
  type CheckDefinition,
  type PingKind,
  type Schedule,
} from '#domain';
import fc from 'fast-check';

// Small worlds for properties of the fold: a few ingests, checks and changes whose times fall on each other on purpose,
// because what could depend on the order of the log shows at equal instants.

/** The first instant of every world: far from zero, which means "nobody joined yet". */
const START_AT = 1_000_000;
/** A world goes on for a little longer than its last ping, so that what follows from that is seen. */
const AFTER_MS = 10_000;

export const CHECKS = ['0000000a', '0000000b', '0000000c'].map(
  (head) => `${head}-0000-4000-8000-000000000000`,
);
const RIDS = [null, '11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
/** Gaps that make stamps, expected times, deadlines and the ends of holes meet, and some that make long holes. */
const GAPS_MS = [0, 0, 1, 500, 999, 1_000, 1_001, 2_000, 5_000, 70_000];

interface Ping {
  readonly check: number;
  readonly kind: PingKind;
  readonly rid: number;
  readonly exitStatus: number | null;
  readonly from: string | null;
  readonly rows: number | null;
}

type Act =
  | { readonly act: 'flush'; readonly gapMs: number; readonly pings: readonly Ping[]; readonly leadMs: 0 | 1 }
  | { readonly act: 'leave' | 'rejoin'; readonly gapMs: number };

const ping: fc.Arbitrary<Ping> = fc.record({
  check: fc.nat(CHECKS.length - 1),
  kind: fc.constantFrom('success', 'success', 'success', 'start', 'fail', 'log', 'progress'),
  rid: fc.nat(RIDS.length - 1),
  exitStatus: fc.constantFrom(null, 0, 3),
  from: fc.constantFrom(null, '192.0.2.1', '192.0.2.2'),
  rows: fc.constantFrom(null, 0, 7),
});
const flush: fc.Arbitrary<Act> = fc.record({
  act: fc.constant('flush' as const),
  gapMs: fc.constantFrom(...GAPS_MS),
  pings: fc.array(ping, { maxLength: 2 }),
  leadMs: fc.constantFrom(0, 1),
});
const membership: fc.Arbitrary<Act> = fc.record({
  act: fc.constantFrom('leave' as const, 'rejoin' as const),
  gapMs: fc.constantFrom(...GAPS_MS),
});

/** Schedules whose slots are instants; all of them fall on whole seconds. */
const SLOTTED: readonly Schedule[] = [
  { kind: 'cron', expressions: ['*/2 * * * * *'], zone: 'UTC' },
  { kind: 'cron', expressions: ['*/4 * * * * *', '1-59/5 * * * * *'], zone: 'UTC' },
  { kind: 'oncalendar', expressions: ['*:*:0/3'], zone: 'UTC' },
  { kind: 'none' },
];

const ASSERTIONS: readonly Assertion[] = [
  { kind: 'metric', metric: 'rows', op: '>', value: 0, required: false, severity: 'failed' },
  { kind: 'unchanged', metric: 'rows', runs: 2, severity: 'degraded' },
  { kind: 'change', metric: 'rows', direction: 'above', factor: 1.5, runs: 3, severity: 'degraded' },
  { kind: 'throughput', metric: null, atLeast: 2, windowMs: 3_000, severity: 'failed' },
  { kind: 'min_duration', durationMs: 500, severity: 'degraded' },
];

function definitionOf(index: number, version: number): CheckDefinition {
  const interval = { kind: 'interval', periodMs: 1_000 * (1 + ((index + version) % 3)) } as const;
  return {
    checkId: CHECKS[index] ?? '',
    projectId: 'project',
    pingKey: '0'.repeat(32),
    configVersion: version,
    name: `Check ${index}`,
    slug: '',
    tags: [],
    schedule: index === 2 ? (SLOTTED[version % SLOTTED.length] ?? interval) : interval,
    graceMs: [0, 1_000, 1_500][(index + version) % 3] ?? 0,
    ...HEALTHCHECKS_RULES,
    maxRuntimeMs: version % 2 === 0 ? 2_000 : null,
    missedThreshold: 1 + (version % 2),
    failedThreshold: 1 + (index % 2),
    recoveryThreshold: 1 + (index % 2),
    manualResume: index === 1,
    progressIntervalMs: version % 3 === 0 ? 700 : null,
    earlyToleranceMs: [0, 400, null][version % 3] ?? null,
    watchedRuns: version % 2 === 0 ? 'all' : 'newest',
    assertions: version % 2 === 0 ? ASSERTIONS : [],
  };
}

/** What the ingests write, each in its order; all end with the same watermark. */
function streamsOf(acts: readonly (readonly Act[])[]): Beat[][] {
  const lengths = acts.map((own) => own.reduce((sum, { gapMs }) => sum + gapMs * 2 + 1, 0));
  const endAt = START_AT + Math.max(...lengths) + AFTER_MS;
  return acts.map((own, index) => streamOf(PRODUCERS[index] ?? 'a', own, endAt));
}

function streamOf(producer: string, acts: readonly Act[], endAt: number): Beat[] {
  const beats: Beat[] = [];
  let at = START_AT;
  let numbers = { producer, epoch: 1, pseq: 0 };
  const say = (beat: Beat): void => void beats.push(beat);
  say({ v: 1, type: 'ingest.joined', ...numbers, at });
  for (const act of acts) {
    at += act.gapMs;
    if (act.act === 'flush') {
      for (const { check, kind, rid, exitStatus, from: remoteAddr, rows } of act.pings) {
        numbers = { ...numbers, pseq: numbers.pseq + 1 };
        const facts = { checkId: CHECKS[check] ?? '', kind, rid: RIDS[rid] ?? null, exitStatus };
        const reported = { remoteAddr, metrics: rows === null ? null : { rows } };
        say({ v: 1, type: 'ping.received', ...numbers, receivedAt: at, ...facts, ...reported, ...ORDINARY });
      }
      at += act.leadMs;
      say({ v: 1, type: 'watermark', ...numbers, at });
    } else {
      if (act.act === 'leave') say({ v: 1, type: 'ingest.left', ...numbers, at });
      at += act.gapMs;
      numbers = { producer, epoch: numbers.epoch + 1, pseq: 0 };
      say({ v: 1, type: 'ingest.joined', ...numbers, at });
    }
  }
  say({ v: 1, type: 'watermark', ...numbers, at: endAt });
  return beats;
}

const ORDINARY = {
  dialect: 'healthchecks',
  method: 'GET',
  scheme: 'http',
  userAgent: '',
  body: null,
  bodyTruncated: false,
} as const;

const CHANGES = ['check.configured', 'check.paused', 'check.resumed', 'check.removed'] as const;

/** Every check is configured once, and then come the changes. */
function changesOf(changes: readonly { type: number; check: number }[]): Beat[] {
  const first = CHECKS.map((_, check) => ({ type: 0, check }));
  return [...first, ...changes].map(({ type, check }, index): Beat => {
    const common = { v: 1, producer: 'api', epoch: 1, pseq: index + 1 } as const;
    const name = CHANGES[type] ?? 'check.paused';
    return name === 'check.configured'
      ? { ...common, type: name, definition: definitionOf(check, index + 1) }
      : { ...common, type: name, checkId: CHECKS[check] ?? '' };
  });
}

function expiriesOf(expiries: readonly { producer: number; epoch: number }[]): Beat[] {
  return expiries.map(({ producer, epoch }, index) => ({
    v: 1,
    type: 'ingest.expired',
    producer: 'janitor',
    epoch: index + 1,
    pseq: 1,
    expired: { producer: PRODUCERS[producer] ?? '', epoch },
    leaseMs: 10_000,
  }));
}

const PRODUCERS = ['a', 'b', 'c'];

/** One log out of several streams; each keeps its order. */
export function merged(streams: readonly (readonly Beat[])[], choices: readonly number[]): Beat[] {
  const queues = streams.map((stream) => [...stream]);
  const log: Beat[] = [];
  for (let turn = 0; ; turn += 1) {
    const open = queues.filter((queue) => queue.length > 0);
    const next = open[(choices[turn % Math.max(1, choices.length)] ?? 0) % Math.max(1, open.length)]?.shift();
    if (next === undefined) return log;
    log.push(next);
  }
}

const choices = fc.array(fc.nat(7), { minLength: 1, maxLength: 60 });
const actsOf = (act: fc.Arbitrary<Act>): fc.Arbitrary<Act[][]> =>
  fc.array(fc.array(act, { maxLength: 8 }), { minLength: 1, maxLength: PRODUCERS.length });

/** Any log: ingests come, go, die and come back; checks are changed at any place. */
export const anyLog: fc.Arbitrary<Beat[]> = fc
  .record({
    acts: actsOf(fc.oneof({ weight: 5, arbitrary: flush }, { weight: 1, arbitrary: membership })),
    changes: fc.array(fc.record({ type: fc.nat(3), check: fc.nat(2) }), { maxLength: 4 }),
    expiries: fc.array(fc.record({ producer: fc.nat(2), epoch: fc.integer({ min: 1, max: 2 }) }), {
      maxLength: 2,
    }),
    choices,
  })
  .map(({ acts, changes, expiries, choices: order }) => {
    return merged([...streamsOf(acts), changesOf(changes), expiriesOf(expiries)], order);
  });

/** One world twice: the same streams of ingests that all stay, put into one log in two orders. */
export const twoOrders: fc.Arbitrary<[Beat[], Beat[]]> = fc
  .record({ acts: actsOf(flush), one: choices, other: choices })
  .map(({ acts, one, other }) => {
    const ingests = streamsOf(acts);
    const joins = ingests.flatMap((stream) => stream.slice(0, 1));
    const rest = ingests.map((stream) => stream.slice(1));
    const before = [...changesOf([]), ...joins];
    return [
      [...before, ...merged(rest, one)],
      [...before, ...merged(rest, other)],
    ];
  });
