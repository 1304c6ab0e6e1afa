import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { World } from './world.ts';

let world: World;

beforeAll(async () => {
  // A Friday, eight o'clock in Berlin.
  world = await World.start('2026-06-05T06:00:00.000Z');
});

afterAll(async () => {
  await world.stop();
});

// Time only goes forward in a world, so these timelines follow one another.
describe('an interval', () => {
  it('counts from the last report, and a start is none', async () => {
    const { key } = await world.project('interval');
    const id = await world.check(key, { kind: 'interval', timeout: 600, grace: 60, max_runtime: 3_600 });
    await world.ping(id);
    await world.advance(300);
    await world.ping(id, '/start');
    expect(await world.document(key, id)).toMatchObject({
      kind: 'interval',
      timeout: 600,
      expected_at: '2026-06-05T06:10:00.000Z',
    });
    await world.ping(id);
    expect((await world.document(key, id)).expected_at).toMatch(/^2026-06-05T06:15:00/);
    await world.call('DELETE', `/api/v3/checks/${id}`, { key });
  });
});

describe('a list of cron expressions', () => {
  it('expects the job at every slot of any of them', async () => {
    const { key } = await world.project('cron');
    const id = await world.check(key, {
      kind: 'cron',
      schedule: '0 9 * * 1-5\n0 12 * * 6',
      tz: 'Europe/Berlin',
      grace: 600,
    });
    await world.advanceTo('2026-06-05T07:00:00.000Z');
    await world.ping(id);
    expect(await world.document(key, id)).toMatchObject({
      kind: 'cron',
      schedule: '0 9 * * 1-5\n0 12 * * 6',
      tz: 'Europe/Berlin',
      expected_at: '2026-06-06T10:00:00.000Z',
    });
    await world.advanceTo('2026-06-06T10:11:00.000Z');
    expect(await world.document(key, id)).toMatchObject({
      status: 'down',
      expected_at: '2026-06-08T07:00:00.000Z',
    });
    await world.call('DELETE', `/api/v3/checks/${id}`, { key });
  });
});

describe('an OnCalendar schedule', () => {
  it('is what a schedule is that is not five words, and takes several lines', async () => {
    const { key } = await world.project('oncalendar');
    const schedule = 'Mon..Fri 09:00\nSun 12:00 UTC';
    const id = await world.check(key, { schedule, tz: 'Europe/Berlin', grace: 600 });
    await world.ping(id);
    expect(await world.document(key, id)).toMatchObject({
      kind: 'oncalendar',
      schedule,
      expected_at: '2026-06-07T12:00:00.000Z',
    });
    await world.advanceTo('2026-06-07T12:05:00.000Z');
    await world.ping(id);
    expect(await world.document(key, id)).toMatchObject({
      status: 'up',
      expected_at: '2026-06-08T07:00:00.000Z',
    });
    await world.call('DELETE', `/api/v3/checks/${id}`, { key });
  });
});

describe('a window across midnight', () => {
  it('wants a success between its two times, and one before it opens does not count', async () => {
    const { key, readKey } = await world.project('window');
    const fields = { kind: 'window', schedule: '22:00-02:00', tz: 'Europe/Berlin', grace: 60 };
    const id = await world.check(key, fields);
    // Closes at midnight UTC: two hours ahead of it in summer.
    await world.advanceTo('2026-06-07T21:00:00.000Z');
    await world.ping(id);
    expect(await world.document(key, id)).toMatchObject({
      kind: 'window',
      status: 'up',
      expected_at: '2026-06-09T00:00:00.000Z',
    });
    expect(await world.document(readKey, id)).toMatchObject({
      schedule: '22:00-02:00',
      tz: 'Europe/Berlin',
    });
    await world.advanceTo('2026-06-08T19:30:00.000Z');
    await world.ping(id);
    await world.ping(id);
    expect((await world.transitions(key, id)).slice(1)).toMatchObject([
      {
        type: 'check.early',
        reason: 'before_expected_time',
        status_after: 'up',
        cause: { kind: 'ping', n: 2 },
      },
    ]);
    await world.advanceTo('2026-06-09T00:01:00.001Z');
    expect((await world.transitions(key, id)).at(-1)).toMatchObject({
      type: 'check.missed',
      at: '2026-06-09T00:01:00.000Z',
      expected_at: '2026-06-09T00:00:00.000Z',
    });
    await world.advanceTo('2026-06-09T20:00:00.000Z');
    await world.ping(id);
    expect(await world.document(key, id)).toMatchObject({
      status: 'up',
      expected_at: '2026-06-11T00:00:00.000Z',
    });
    await world.call('DELETE', `/api/v3/checks/${id}`, { key });
  });
});

describe('a check without a schedule', () => {
  it('expects nothing, and watches the runs that were opened', async () => {
    const { key, readKey } = await world.project('none');
    const id = await world.check(key, { kind: 'none', max_runtime: 60 });
    await world.ping(id);
    await world.advance(10 * 86_400);
    const document = await world.document(key, id);
    expect(document).toMatchObject({ kind: 'none', status: 'up', expected_at: null, next_ping: null });
    for (const shown of [document, await world.document(readKey, id)]) {
      expect(Object.keys(shown)).not.toEqual(expect.arrayContaining(['timeout']));
      expect(Object.keys(shown)).not.toEqual(expect.arrayContaining(['schedule']));
    }
    await world.ping(id, '/start');
    await world.advance(61);
    expect(await world.document(key, id)).toMatchObject({ status: 'down', reason: 'max_runtime_exceeded' });
    await world.call('DELETE', `/api/v3/checks/${id}`, { key });
  });
});

describe('a success before its slot', () => {
  /** A check with hourly slots that has just reported, a while before the next one. */
  async function pingedBefore(key: string, fields: object, minutes: number): Promise<string> {
    const id = await world.check(key, { schedule: '0 * * * *', grace: 600, ...fields });
    const slotAt = Math.ceil((world.clock.now() + 3_600_000) / 3_600_000) * 3_600_000;
    await world.advanceTo(new Date(slotAt).toISOString());
    await world.ping(id);
    await world.advance(3_600 - minutes * 60);
    await world.ping(id);
    return id;
  }

  it('counts for it within the tolerance, and otherwise is early', async () => {
    const { key } = await world.project('early');
    const within = await pingedBefore(key, { early_tolerance: null }, 4);
    await world.advance(15 * 60);
    expect(await world.history(key, within)).toEqual(['check.up']);

    const early = await pingedBefore(key, { early_tolerance: null }, 6);
    expect((await world.transitions(key, early)).at(-1)).toMatchObject({
      type: 'check.early',
      status_after: 'up',
      reason: 'before_expected_time',
    });
    await world.advance(20 * 60);
    expect((await world.history(key, early)).at(-1)).toBe('check.missed');
    await world.ping(early);
    expect((await world.deliveries(key, early, 2)).map(({ type }) => type)).toEqual([
      'check.missed',
      'check.recovered',
    ]);
  });

  it("counts for nothing by Healthchecks' rule, which is the default", async () => {
    const { key } = await world.project('strict');
    const id = await pingedBefore(key, {}, 1);
    expect(await world.document(key, id)).toMatchObject({ early_tolerance: 0 });
    await world.advance(20 * 60);
    expect(await world.document(key, id)).toMatchObject({ status: 'down' });
  });
});
