import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await World.start('2026-06-01T00:00:00.000Z');
});

afterAll(async () => {
  await world.stop();
});

// Pings of one instant are stamped a millisecond apart; what is measured begins with an instant of its own.
beforeEach(async () => {
  await world.advance(1);
});

/** An instant as documents write it. */
const iso = (at: number): string => new Date(at).toISOString();

describe('the first success of a check', () => {
  it('brings it up, and says which ping it was', async () => {
    const { key } = await world.project('first');
    const id = await world.check(key, { timeout: 60, grace: 10 });
    const at = world.clock.now();
    await world.ping(id, '/0');
    expect(await world.transitions(key, id)).toEqual([
      {
        id: `${id}:1`,
        seq: 1,
        type: 'check.up',
        at: iso(at),
        expected_at: null,
        deadline_at: null,
        status_before: 'new',
        status_after: 'up',
        reason: 'first_ping',
        config_version: 1,
        missed_in_a_row: 0,
        failed_in_a_row: 0,
        downtime_seconds: null,
        hold: false,
        cause: {
          kind: 'ping',
          offset: expect.any(Number),
          n: 1,
          exitstatus: 0,
          duration_seconds: null,
          late_end: false,
        },
      },
    ]);
  });
});

describe('a job that does not report', () => {
  it('is late once, is missed once a slot, and is told once', async () => {
    const { key } = await world.project('silent');
    const id = await world.check(key, { timeout: 60, grace: 10 });
    await world.ping(id);
    const at = world.clock.now();
    await world.advance(200);
    const [, late, ...missed] = await world.transitions(key, id);
    expect(late).toMatchObject({
      type: 'check.late',
      at: iso(at + 60_000),
      reason: 'expected_time_passed',
      status_before: 'up',
      status_after: 'up',
      cause: { kind: 'deadline', grace_seconds: 10, open_run_since: null },
    });
    expect(missed).toMatchObject(
      [1, 2, 3].map((slot) => ({
        type: 'check.missed',
        at: iso(at + slot * 60_000 + 10_000),
        expected_at: iso(at + slot * 60_000),
        deadline_at: iso(at + slot * 60_000 + 10_000),
        status_before: slot === 1 ? 'up' : 'down',
        status_after: 'down',
        reason: 'no_ping_by_deadline',
        missed_in_a_row: slot,
      })),
    );
    await world.ping(id);
    expect((await world.deliveries(key, id, 2)).map(({ type }) => type)).toEqual([
      'check.missed',
      'check.recovered',
    ]);
  });

  it('is down for as long as it was silent, and says so when it recovers', async () => {
    const { key } = await world.project('back');
    const id = await world.check(key, { timeout: 60, grace: 10 });
    await world.ping(id);
    await world.advance(100);
    await world.ping(id);
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.recovered',
      status_before: 'down',
      status_after: 'up',
      reason: 'success_after_down',
      downtime_seconds: 30,
      cause: { kind: 'ping', n: 2, late_end: false },
    });
  });

  it('is not expected to report while its last run is still at work, and the miss says so', async () => {
    const { key } = await world.project('busy');
    const id = await world.check(key, { timeout: 60, grace: 10, max_runtime: 3_600 });
    await world.ping(id);
    await world.advance(30);
    await world.ping(id, '/start');
    const startedAt = world.clock.now();
    await world.advance(60);
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.missed',
      reason: 'blocked_by_previous_run',
      cause: { kind: 'deadline', open_run_since: iso(startedAt) },
    });
  });
});

describe('a job that reports a failure', () => {
  it('fails by its signal and by its exit status', async () => {
    const { key } = await world.project('failing');
    const id = await world.check(key, { timeout: 60, grace: 10 });
    await world.ping(id, '/fail');
    await world.ping(id, '/137');
    expect(await world.transitions(key, id)).toMatchObject([
      { type: 'check.failed', status_before: 'new', status_after: 'down', reason: 'fail_signal' },
      {
        type: 'check.failed',
        status_before: 'down',
        status_after: 'down',
        reason: 'exit_status',
        failed_in_a_row: 2,
        cause: { kind: 'ping', n: 2, exitstatus: 137 },
      },
    ]);
  });

  it('is down after as many failures in a row as asked for, and up after as many successes', async () => {
    const { key } = await world.project('patient');
    const id = await world.check(key, {
      timeout: 3_600,
      grace: 10,
      failed_threshold: 2,
      recovery_threshold: 2,
    });
    await world.ping(id, '/fail');
    expect(await world.document(key, id)).toMatchObject({ status: 'up', reason: 'fail_signal' });
    await world.ping(id);
    await world.ping(id, '/fail');
    expect(await world.document(key, id)).toMatchObject({ status: 'up' });
    await world.ping(id, '/fail');
    expect(await world.document(key, id)).toMatchObject({ status: 'down' });
    await world.ping(id);
    expect(await world.document(key, id)).toMatchObject({ status: 'down' });
    await world.ping(id);
    expect(await world.document(key, id)).toMatchObject({ status: 'up' });
    const history = await world.history(key, id);
    expect(history).toEqual(['check.failed', 'check.failed', 'check.failed', 'check.recovered']);
    expect((await world.deliveries(key, id, 2)).map(({ seq }) => seq)).toEqual([3, 4]);
  });
});

describe('a job that reports numbers', () => {
  const rows = { kind: 'metric', metric: 'rows', op: '>', value: 0 };

  it('fails with a number that breaks an assertion, and the verdict shows both', async () => {
    const { key } = await world.project('numbers');
    const id = await world.check(key, { timeout: 3_600, grace: 60, assertions: [rows] });
    await world.ping(id, '?m.rows=5');
    await world.ping(id, '?m.rows=0');
    await world.ping(id, '?m.rows=1');
    const [, failed, recovered] = await world.transitions(key, id);
    expect(failed).toMatchObject({
      type: 'check.failed',
      status_after: 'down',
      reason: 'assertion_broken',
      cause: {
        kind: 'assertion',
        n: 2,
        broken: [{ assertion: { ...rows, required: false, severity: 'failed' }, observed: 0, limit: 0 }],
      },
    });
    expect(recovered).toMatchObject({ type: 'check.recovered' });
    const { json } = await world.call('GET', `/api/v3/checks/${id}/pings/`, { key });
    expect(json.pings.map(({ metrics }: { metrics: object }) => metrics)).toEqual([
      { rows: 1 },
      { rows: 0 },
      { rows: 5 },
    ]);
  });

  it('fails without a number that is required', async () => {
    const { key } = await world.project('required');
    const id = await world.check(key, { timeout: 3_600, assertions: [{ ...rows, required: true }] });
    await world.ping(id);
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.failed',
      cause: { broken: [{ observed: null }] },
    });
  });

  it('is only degraded where that was asked for, and nobody is woken', async () => {
    const { key } = await world.project('degraded');
    const change = { kind: 'change', metric: 'bytes', direction: 'below', factor: 0.5, runs: 3 };
    const id = await world.check(key, { timeout: 3_600, assertions: [{ ...change, severity: 'degraded' }] });
    for (const bytes of [100, 110, 90, 40]) await world.ping(id, `?m.bytes=${bytes}`);
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.degraded',
      status_before: 'up',
      status_after: 'up',
      reason: 'assertion_broken',
      cause: { kind: 'assertion', n: 4, broken: [{ observed: 40, limit: 50 }] },
    });
    expect(await world.toldBeforeFailure(key, id)).toEqual([]);
  });

  it('fails with a number that never changes', async () => {
    const { key } = await world.project('stuck');
    const id = await world.check(key, {
      timeout: 3_600,
      assertions: [{ kind: 'unchanged', metric: 'newest', runs: 3 }],
    });
    for (const newest of [6, 7, 7]) await world.ping(id, `?m.newest=${newest}`);
    expect(await world.document(key, id)).toMatchObject({ status: 'up' });
    await world.ping(id, '?m.newest=7');
    expect(await world.document(key, id)).toMatchObject({ status: 'down', reason: 'assertion_broken' });
  });

  it('fails when it is done suspiciously soon', async () => {
    const { key } = await world.project('hasty');
    const id = await world.check(key, {
      timeout: 3_600,
      assertions: [{ kind: 'min_duration', duration: 5 }],
    });
    for (const seconds of [6, 2]) {
      await world.advance(1);
      await world.ping(id, '/start');
      await world.advance(seconds);
      await world.ping(id);
    }
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.failed',
      cause: { broken: [{ assertion: { kind: 'min_duration', duration: 5 }, observed: 2, limit: 5 }] },
    });
  });

  it('fails when there is too little in a stretch of time, without any ping', async () => {
    const { key } = await world.project('trickle');
    const id = await world.check(key, {
      kind: 'none',
      assertions: [{ kind: 'throughput', metric: 'orders', at_least: 10, window: 3_200 }],
    });
    await world.ping(id, '?m.orders=12');
    await world.advance(3_000);
    expect(await world.document(key, id)).toMatchObject({ status: 'up' });
    await world.advance(400);
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.failed',
      status_after: 'down',
      reason: 'throughput_too_low',
      cause: { kind: 'assertion', offset: null, n: null, broken: [{ observed: 0, limit: 10 }] },
    });
  });
});
