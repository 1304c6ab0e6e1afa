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

const A = '11111111-1111-4111-8111-111111111111';
const B = '22222222-2222-4222-8222-222222222222';

/** An instant as documents write it. */
const iso = (at: number): string => new Date(at).toISOString();

/** One run from its start to its end. */
async function run(id: string, seconds: number): Promise<void> {
  await world.advance(1);
  await world.ping(id, '/start');
  await world.advance(seconds);
  await world.ping(id);
}

describe('a run that does not end', () => {
  it('is hung after its max runtime, each of two by itself, and a late end is told as such', async () => {
    const { key } = await world.project('two hung');
    const fields = { timeout: 3_600, grace: 600, max_runtime: 20 };
    const id = await world.check(key, fields);
    await world.ping(id);
    await world.advance(1);
    const at = world.clock.now();
    await world.ping(id, `/start?rid=${A}`);
    await world.advance(5);
    await world.ping(id, `/start?rid=${B}`);
    await world.advance(30);
    expect((await world.transitions(key, id)).slice(-2)).toMatchObject([
      {
        type: 'check.hung',
        at: iso(at + 20_000),
        status_before: 'up',
        status_after: 'down',
        reason: 'max_runtime_exceeded',
        cause: { kind: 'run', rid: A, started_at: iso(at), max_runtime_seconds: 20 },
      },
      { type: 'check.hung', at: iso(at + 25_000), status_before: 'down', cause: { kind: 'run', rid: B } },
    ]);
    expect(await world.document(key, id)).toMatchObject({ status: 'down', started: true });
    await world.ping(id, `?rid=${A}`);
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.recovered',
      downtime_seconds: 15,
      cause: { kind: 'ping', late_end: true, duration_seconds: 35 },
    });
    expect((await world.deliveries(key, id, 2)).map(({ type }) => type)).toEqual([
      'check.hung',
      'check.recovered',
    ]);
  });

  it('is no longer watched once a newer one began, where only the newest is', async () => {
    const { key } = await world.project('newest');
    const id = await world.check(key, {
      timeout: 3_600,
      grace: 600,
      max_runtime: 20,
      watched_runs: 'newest',
    });
    await world.ping(id, `/start?rid=${A}`);
    await world.advance(5);
    await world.ping(id, `/start?rid=${B}`);
    await world.advance(60);
    const hung = (await world.transitions(key, id)).filter(({ type }) => type === 'check.hung');
    expect(hung).toMatchObject([{ cause: { kind: 'run', rid: B } }]);
  });

  it('is hung as soon as its signs of progress stop, well before its max runtime', async () => {
    const { key } = await world.project('stopped');
    const id = await world.check(key, { timeout: 3_600, max_runtime: 3_000, progress_interval: 10 });
    await world.ping(id, `/start?rid=${A}`);
    await world.advance(15);
    await world.ping(id, `/progress?rid=${A}`);
    const at = world.clock.now();
    await world.advance(19);
    expect(await world.document(key, id)).toMatchObject({ status: 'new', started: true });
    await world.advance(2);
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.hung',
      at: iso(at + 20_000),
      reason: 'progress_stopped',
      cause: { kind: 'run', rid: A, last_sign_at: iso(at) },
    });
    const { json } = await world.call('GET', `/api/v3/checks/${id}/pings/`, { key });
    expect(json.pings[0]).toMatchObject({ type: 'progress', rid: A });
  });
});

describe('a run that takes far longer than usual', () => {
  it('is slow, stays up, and nobody is woken', async () => {
    const { key } = await world.project('slow');
    const id = await world.check(key, { timeout: 3_600, grace: 600 });
    for (let round = 0; round < 9; round += 1) await run(id, 2);
    await run(id, 30);
    expect(await world.history(key, id)).toEqual(['check.up']);
    await run(id, 5);
    expect(await world.history(key, id)).toEqual(['check.up']);
    await run(id, 10);
    const [, slow] = await world.transitions(key, id);
    expect(slow).toMatchObject({
      type: 'check.slow',
      status_before: 'up',
      status_after: 'up',
      reason: 'slower_than_usual',
      cause: { kind: 'baseline', duration_seconds: 10, samples: 11 },
    });
    expect(slow.cause.median_seconds).toBeCloseTo(2, 0);
    expect(await world.document(key, id)).toMatchObject({ status: 'up', last_duration: 10 });
    expect(await world.toldBeforeFailure(key, id)).toEqual([]);
  });
});

describe('two runs at once', () => {
  it('overlap, which is told in the history and to nobody', async () => {
    const { key } = await world.project('overlap');
    const id = await world.check(key, { timeout: 3_600, grace: 600 });
    const at = world.clock.now();
    await world.ping(id, `/start?rid=${A}`);
    await world.advance(5);
    await world.ping(id, `/start?rid=${B}`);
    expect(await world.transitions(key, id)).toMatchObject([
      {
        type: 'check.overlap',
        status_before: 'new',
        status_after: 'new',
        reason: 'previous_run_still_open',
        cause: { kind: 'runs', n: 2, rid: B, other_rid: A, other_started_at: iso(at) },
      },
    ]);
    expect(await world.toldBeforeFailure(key, id)).toEqual([]);
  });

  it('of one occasion from two places are one run too many', async () => {
    const { key } = await world.project('twice');
    const id = await world.check(key, { timeout: 3_600, grace: 600 });
    await world.ping(id, `/start?rid=${A}`, { from: '203.0.113.1' });
    await world.advance(5);
    await world.ping(id, `?rid=${A}`, { from: '203.0.113.1' });
    await world.ping(id, `/start?rid=${B}`, { from: '203.0.113.2' });
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.duplicate_run',
      status_after: 'up',
      reason: 'started_elsewhere',
      cause: { kind: 'runs', rid: B, other_rid: A },
    });
    expect(await world.toldBeforeFailure(key, id)).toEqual([]);
  });

  it('of two occasions may come from two places', async () => {
    const { key } = await world.project('moved');
    const id = await world.check(key, { timeout: 60, grace: 600 });
    await world.ping(id, `/start?rid=${A}`, { from: '203.0.113.1' });
    await world.ping(id, `?rid=${A}`, { from: '203.0.113.1' });
    await world.advance(60);
    await world.ping(id, `/start?rid=${B}`, { from: '203.0.113.2' });
    expect(await world.history(key, id)).not.toContain('check.duplicate_run');
  });
});
