import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { World } from './world.ts';

let world: World;

beforeAll(async () => {
  // Time in this world goes on in small steps; a jump is a time in which the product stood still.
  world = await World.start('2026-06-01T00:00:00.000Z', { stallMs: 10_000 });
});

afterAll(async () => {
  await world.stop();
});

/** Time goes by, and somebody listens: in steps below half the lease, after which an ingest joins anew by itself. */
async function listen(seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 4) await world.advance(Math.min(4, left));
}

describe('a time in which nobody listened', () => {
  it('makes what was expected in it unknown, and nobody is woken', async () => {
    const { key } = await world.project('hole');
    const id = await world.check(key, { timeout: 60, grace: 10 });
    await world.ping(id);
    await listen(30);
    const fromAt = world.clock.now();
    await world.advance(120);
    expect(await world.document(key, id)).toMatchObject({ status: 'unknown', reason: 'not_listening' });
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.unknown',
      status_before: 'up',
      status_after: 'unknown',
      cause: {
        kind: 'hole',
        from: new Date(fromAt).toISOString(),
        until: new Date(fromAt + 120_000).toISOString(),
      },
    });
    await world.ping(id);
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.up',
      reason: 'ping_after_unknown',
    });
    expect(await world.toldBeforeFailure(key, id)).toEqual([]);
  });

  it('of less than a minute gives its length back to those who were expected in it', async () => {
    const { key } = await world.project('short hole');
    const id = await world.check(key, { timeout: 60, grace: 10 });
    await world.ping(id);
    await listen(40);
    await world.advance(40);
    expect(await world.document(key, id)).toMatchObject({ status: 'grace' });
    await listen(25);
    expect(await world.document(key, id)).toMatchObject({ status: 'grace' });
    await listen(10);
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({ type: 'check.missed' });
  });
});

describe('a silence of nearly all jobs at once', () => {
  it('is told after two minutes only, and not at all to those who hear that it is over by then', async () => {
    const projects = await Promise.all(['a', 'b', 'c'].map(async (name) => await world.project(name)));
    const checks: { key: string; id: string }[] = [];
    for (let round = 0; round < 90; round += 1) {
      const { key } = projects[round % 3] ?? { key: '' };
      const fields = { timeout: 60, grace: 10, hold_on_mass_silence: true };
      checks.push({ key, id: await world.check(key, fields) });
    }
    for (const { id } of checks) await world.ping(id);
    await listen(75);
    const held: typeof checks = [];
    for (const check of checks) {
      const missed = (await world.transitions(check.key, check.id)).at(-1);
      if (missed.type === 'check.missed' && missed.hold) held.push(check);
    }
    // The first of each partition were told before it could be known that most would follow.
    expect(held.length).toBeGreaterThan(10);
    const [back, gone] = held;
    if (back === undefined || gone === undefined) throw new Error('too few were held');
    expect(await world.deliveries(gone.key, gone.id, 1)).toMatchObject([{ state: 'pending', attempts: [] }]);
    await world.ping(back.id);
    expect(await world.history(back.key, back.id)).toContain('check.recovered');
    await listen(130);
    await world.told(gone.id, 1);
    expect(await world.deliveries(gone.key, gone.id, 1)).toMatchObject([
      { type: 'check.missed', state: 'delivered' },
    ]);
    expect(await world.deliveries(back.key, back.id, 3)).toMatchObject([
      { type: 'check.missed', state: 'superseded', reason: 'over_while_held', attempts: [] },
      { type: 'check.recovered', state: 'superseded', attempts: [] },
      { type: 'check.missed' },
    ]);
  });
});
