import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TRANSITION_TYPES, type CheckStatus, type CheckTransition, type TransitionType } from '#domain';
import { TRANSITIONS, encodeEvent, type LogBatch } from '#event-log';
import { Database, type DeliveryView } from '#persistence';
import { Health, createMetrics, silentLogger } from '#platform';
import { FakeClock, createTestDatabase, type TestDatabase } from '#testing';
import { DeliverySender } from '../delivery/delivery-sender.ts';
import { Planner } from './planner.ts';

const START_AT = Date.UTC(2026, 2, 2, 12);
const PROJECT = 'b7a1e0d2-1c3f-4e5a-8b6d-9f0e1d2c3b4a';
const CHANNEL = '0c9b8a7d-6e5f-4d3c-8b1a-0f9e8d7c6b5a';

let database: TestDatabase;
let opened: Database;
let clock: FakeClock;
let planner: Planner;
let partition = 0;
let offset: number;
let check: string;

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await Database.open({ url: database.url, applicationName: 'test', poolSize: 2 });
  const { projects, channels } = opened.repositories;
  const keys = { apiKeyHash: 'a', readKeyHash: 'r', pingKey: 'p' };
  await projects.insert({ id: PROJECT, name: 'p', createdAt: START_AT, ...keys });
  await channels.insert({
    id: CHANNEL,
    projectId: PROJECT,
    kind: 'webhook',
    name: 'hook',
    config: { url: 'https://receiver.example' },
    secret: 's',
    disabledReason: null,
    createdAt: START_AT,
  });
});

afterAll(async () => {
  await opened.close();
  await database.drop();
});

beforeEach(async () => {
  clock = new FakeClock(START_AT);
  const platform = {
    clock,
    logger: silentLogger,
    metrics: createMetrics({ withProcess: false }),
    health: new Health(),
  };
  const nobody = {
    send: async () => await Promise.reject(new Error('Nothing is sent in these tests.')),
  };
  planner = new Planner(opened, new DeliverySender(opened, nobody, platform), platform);
  // Every test has a partition and a check of its own, so that none waits behind another one's messages.
  partition += 1;
  offset = 0;
  check = `3f2c9a10-7d4e-4b6a-9c1d-${partition.toString(16).padStart(12, '0')}`;
  await opened.repositories.checks.save({ ...CHECK_ROW, id: check });
  await opened.repositories.checks.setChannels(check, [CHANNEL]);
});

function transition(
  type: TransitionType,
  statuses: readonly [CheckStatus, CheckStatus],
  over: Partial<CheckTransition> = {},
): CheckTransition {
  return {
    v: 1,
    type,
    id: `${check}:${offset + 1}`,
    checkId: check,
    projectId: PROJECT,
    seq: offset + 1,
    oseq: offset + 1,
    at: START_AT - 1_000,
    expectedAt: null,
    deadlineAt: null,
    statusBefore: statuses[0],
    statusAfter: statuses[1],
    reason: 'first_ping',
    configVersion: 1,
    cause: { kind: 'hole', fromAt: 0, untilAt: 1 },
    missedInARow: 0,
    failedInARow: 0,
    downtimeMs: null,
    hold: false,
    tz: '2025c',
    rules: 1,
    ...over,
  };
}

/** Plans what was said, in a batch of its own; answers its deliveries' transitions. */
async function said(
  ...verdicts: [TransitionType, readonly [CheckStatus, CheckStatus], Partial<CheckTransition>?][]
): Promise<string[]> {
  const ids: string[] = [];
  const records: LogBatch['records'][number][] = [];
  for (const [type, statuses, over] of verdicts) {
    const verdict = transition(type, statuses, over);
    ids.push(verdict.id);
    records.push({ offset, key: check, value: encodeEvent(verdict) });
    offset += 1;
  }
  await planner.plan({ topic: TRANSITIONS, partition, records, nextOffset: offset });
  return ids;
}

async function ledger(ids: readonly string[]): Promise<DeliveryView[]> {
  const rows = await opened.repositories.deliveries.list({
    projectId: PROJECT,
    checkId: check,
    channelId: null,
    state: null,
    limit: 200,
  });
  return rows
    .filter(({ transitionId }) => ids.includes(transitionId))
    .sort((left, right) => left.seq - right.seq);
}

/** What may be sent now of this test's check. */
async function claim(): Promise<string[]> {
  const claimed = await opened.repositories.deliveries.claim({
    now: clock.now(),
    leaseMs: 30_000,
    limit: 100,
    perChannel: 100,
    leaseToken: PROJECT,
    sender: PROJECT,
    senderSilentMs: 6_000,
  });
  return claimed.map(({ transitionId }) => transitionId).filter((id) => id.startsWith(check));
}

const WENT_DOWN = ['check.missed', ['up', 'down'], { hold: true }] as const;
const CAME_BACK = ['check.recovered', ['down', 'up']] as const;

describe('a transition that changes nothing for people', () => {
  it.each(
    TRANSITION_TYPES.filter((type) => type !== 'check.recovered').map(
      (type): [TransitionType, CheckStatus] => [type, 'up'],
    ),
  )('makes no delivery: %s of a check that stays %s', async (type, status) => {
    expect(await ledger(await said([type, [status, status]]))).toEqual([]);
  });
});

describe('an alarm', () => {
  it('is due at once, and so is the message that it is over', async () => {
    const ids = await said(['check.failed', ['up', 'down']], [...CAME_BACK]);
    expect(await ledger(ids)).toMatchObject([
      { state: 'pending', nextAttemptAt: START_AT, eventType: 'check.failed' },
      { state: 'pending', nextAttemptAt: START_AT, eventType: 'check.recovered' },
    ]);
  });

  it('of a mass silence waits until two minutes after its own time', async () => {
    const [id = ''] = await said([...WENT_DOWN]);
    expect(await claim()).toEqual([]);
    clock.advanceTo(START_AT + 119_000);
    expect(await claim()).toEqual([id]);
  });

  it.each([['the check has recovered', CAME_BACK]] as const)(
    'that waits is dropped when %s, and so is the good news',
    async (_what, [type, statuses]) => {
      const ids = [...(await said([...WENT_DOWN])), ...(await said([type, statuses]))];
      const rows = await ledger(ids);
      expect(rows.map(({ state }) => state)).toEqual(rows.map(() => 'superseded'));
      expect(rows[0]).toMatchObject({ lastReason: 'over_while_held', nextAttemptAt: null });
      clock.advanceTo(START_AT + 600_000);
      expect(await claim()).toEqual([]);
    },
  );

  it('that is over in the same batch is dropped as well, and the next one is told', async () => {
    const down = ['check.failed', ['up', 'down']] as const;
    const ids = await said([...WENT_DOWN], [...CAME_BACK], [...down], [...CAME_BACK]);
    const rows = await ledger(ids);
    expect(rows.map(({ state }) => state)).toEqual(['superseded', 'superseded', 'pending', 'pending']);
  });

  it('that was tried once is not dropped: it may have been heard', async () => {
    const [id = ''] = await said([...WENT_DOWN]);
    clock.advanceTo(START_AT + 119_000);
    expect(await claim()).toEqual([id]);
    const [back = ''] = await said([...CAME_BACK]);
    expect(await ledger([id, back])).toMatchObject([{ state: 'pending' }, { state: 'pending' }]);
  });
});

const CHECK_ROW = {
  projectId: PROJECT,
  name: 'Backup',
  slug: 'backup',
  tags: '',
  description: '',
  kind: 'interval',
  timeoutSeconds: 60,
  graceSeconds: 10,
  schedule: '* * * * *',
  zone: 'UTC',
  maxRuntimeSeconds: null,
  progressIntervalSeconds: null,
  earlyToleranceSeconds: 0,
  watchedRuns: 'newest',
  missedThreshold: 1,
  failedThreshold: 1,
  recoveryThreshold: 1,
  methods: '',
  manualResume: false,
  holdOnMassSilence: true,
  assertions: [],
  startKeywords: '',
  successKeywords: '',
  failureKeywords: '',
  filterSubject: false,
  filterBody: false,
  filterHttpBody: false,
  filterDefaultFail: false,
  configVersion: 1,
  createdAt: START_AT,
} as const;
