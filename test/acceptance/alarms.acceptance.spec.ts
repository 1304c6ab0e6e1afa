import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { World } from './world.ts';

let world: World;

beforeAll(async () => {
  // The day before clocks go forward in Berlin.
  world = await World.start('2026-03-28T12:00:00.000Z');
});

afterAll(async () => {
  await world.stop();
});

describe('a check with an interval', () => {
  it('is late, then missed, told once by a signed webhook, and recovers with the next ping', async () => {
    const { key, secret } = await world.project('interval');
    const id = await world.check(key, { name: 'backup', timeout: 60, grace: 30 });
    expect(await world.document(key, id)).toMatchObject({ status: 'new', n_pings: 0, deadline_at: null });
    await world.ping(id);
    const pingedAt = world.clock.now();
    expect(await world.document(key, id)).toMatchObject({ status: 'up', n_pings: 1, late: false });

    await world.advance(61);
    expect(await world.document(key, id)).toMatchObject({ status: 'grace', late: true });
    expect(await world.history(key, id)).toEqual(['check.up', 'check.late']);

    await world.advance(30);
    expect(await world.document(key, id)).toMatchObject({ status: 'down', reason: 'no_ping_by_deadline' });
    const [missed] = await world.told(id, 1);
    if (missed === undefined) throw new Error('no message');
    // Signed again by an independent implementation: `verify` itself would compare with the machine's clock.
    const signedAt = new Date(Number(missed.headers['webhook-timestamp']) * 1_000);
    expect(new Webhook(secret).sign(missed.id, signedAt, missed.body)).toBe(
      missed.headers['webhook-signature'],
    );
    expect(JSON.parse(missed.body)).toMatchObject({
      type: 'check.missed',
      data: {
        check: { uuid: id, name: 'backup' },
        transition: {
          id: missed.id,
          at: new Date(pingedAt + 90_000).toISOString(),
          expected_at: new Date(pingedAt + 60_000).toISOString(),
          deadline_at: new Date(pingedAt + 90_000).toISOString(),
          status_before: 'up',
          status_after: 'down',
        },
      },
    });

    await world.advance(200);
    await world.ping(id);
    const [, recovered] = await world.told(id, 2);
    expect(JSON.parse(recovered?.body ?? '')).toMatchObject({
      type: 'check.recovered',
      data: { check: { uuid: id } },
    });
    expect(await world.document(key, id)).toMatchObject({ status: 'up', n_pings: 2 });
    const history = await world.history(key, id);
    expect(history.slice(0, 3)).toEqual(['check.up', 'check.late', 'check.missed']);
    expect(history.at(-1)).toBe('check.recovered');
    expect((await world.told(id, 2)).length).toBe(2);
  });

  it('goes down with a failure at once, and with an exit status, and each is told', async () => {
    const { key } = await world.project('failing');
    const id = await world.check(key, { name: 'job', timeout: 3_600, grace: 60 });
    await world.ping(id, '/fail');
    await world.ping(id);
    await world.ping(id, '/3');
    const told = (await world.told(id, 3)).map(({ body }) => JSON.parse(body));
    expect(told.map(({ type }) => type)).toEqual(['check.failed', 'check.recovered', 'check.failed']);
    expect(told.map(({ data }) => data.transition.reason)).toEqual([
      'fail_signal',
      'success_after_down',
      'exit_status',
    ]);
    expect(told[2].data.transition.cause).toMatchObject({ kind: 'ping', exitstatus: 3, n: 3 });
  });

  it('is hung when a run does not end in time, although the schedule has time left', async () => {
    const { key } = await world.project('hanging');
    const id = await world.check(key, { name: 'job', timeout: 3_600, grace: 60, max_runtime: 20 });
    await world.ping(id);
    await world.ping(id, '/start');
    expect(await world.document(key, id)).toMatchObject({ started: true, status: 'up' });
    await world.advance(21);
    const [hung] = await world.told(id, 1);
    expect(JSON.parse(hung?.body ?? '')).toMatchObject({
      type: 'check.hung',
      data: { transition: { cause: { kind: 'run', max_runtime_seconds: 20 } } },
    });
    expect(await world.document(key, id)).toMatchObject({ started: true, status: 'down' });
  });

  it('alarms only after as many misses in a row as asked for', async () => {
    const { key } = await world.project('threshold');
    const id = await world.check(key, { name: 'job', timeout: 60, grace: 10, missed_threshold: 3 });
    await world.ping(id);
    await world.advance(131);
    expect(await world.document(key, id)).toMatchObject({ status: 'up' });
    await world.advance(60);
    expect(await world.document(key, id)).toMatchObject({ status: 'down' });
    expect((await world.history(key, id)).filter((type) => type === 'check.missed').length).toBe(3);
  });
});

describe('a paused check', () => {
  it('is silent while paused and judged again after the next ping', async () => {
    const { key } = await world.project('paused');
    const id = await world.check(key, { name: 'job', timeout: 60, grace: 10 });
    await world.ping(id);
    expect((await world.call('POST', `/api/v3/checks/${id}/pause`, { key })).json).toMatchObject({
      status: 'paused',
    });
    await world.advance(3_600);
    expect(await world.document(key, id)).toMatchObject({ status: 'paused', next_ping: null });
    expect(await world.history(key, id)).toEqual(['check.up']);
    const resumed = await world.call('POST', `/api/v3/checks/${id}/resume`, { key });
    expect(resumed.json).toMatchObject({ status: 'new' });
    expect((await world.call('POST', `/api/v3/checks/${id}/resume`, { key })).status).toBe(409);
    await world.ping(id);
    await world.advance(71);
    expect(await world.document(key, id)).toMatchObject({ status: 'down' });
  });
});

describe('a cron check over the change to summer time', () => {
  it('expects the job of the lost hour right after the gap, once', async () => {
    const { key } = await world.project('cron');
    const id = await world.check(key, {
      name: 'nightly',
      schedule: '30 2 * * *',
      tz: 'Europe/Berlin',
      grace: 600,
    });
    await world.advanceTo('2026-03-28T20:00:00.000Z');
    await world.ping(id);
    expect(await world.document(key, id)).toMatchObject({
      kind: 'cron',
      expected_at: '2026-03-29T01:00:00.000Z',
      deadline_at: '2026-03-29T01:10:00.000Z',
    });
    await world.advanceTo('2026-03-29T01:05:00.000Z');
    await world.ping(id);
    expect(await world.document(key, id)).toMatchObject({
      status: 'up',
      expected_at: '2026-03-30T00:30:00.000Z',
    });
    await world.advanceTo('2026-03-30T00:40:01.000Z');
    await world.told(id, 1);
    expect(await world.document(key, id)).toMatchObject({ status: 'down' });
  });
});

describe('a status page', () => {
  it('says what the checks say, to people and to machines', async () => {
    const { key } = await world.project('page');
    const id = await world.check(key, { name: 'job', timeout: 60, grace: 10 });
    const components = [{ name: 'Nightly <job>', check: id }];
    const made = await world.call('POST', '/api/v3/status-pages/', {
      key,
      body: { slug: 'acme', name: 'Acme', components },
    });
    expect(made.status).toBe(201);
    expect((await world.call('GET', '/status/acme')).text).toContain('No data yet');
    await world.ping(id);
    const up = await world.call('GET', '/status/acme/api/v2/summary.json');
    expect(up.json).toMatchObject({
      page: { name: 'Acme', url: 'http://holter.test/status/acme' },
      status: { indicator: 'none', description: 'All Systems Operational' },
      components: [{ name: 'Nightly <job>', status: 'operational' }],
    });
    await world.advance(71);
    await world.document(key, id);
    const down = await world.call('GET', '/status/acme/api/v2/summary.json');
    expect(down.json).toMatchObject({
      status: { indicator: 'critical' },
      components: [{ status: 'major_outage' }],
    });
    const shown = await world.call('GET', '/status/acme');
    expect(shown.text).toContain('Nightly &lt;job&gt;');
    expect(shown.text).toContain('Major outage');
    expect((await world.call('GET', '/status/nobody')).status).toBe(404);
  });
});

describe('the dashboard', () => {
  it('lists checks with what they are, without secrets, and asks others for a key', async () => {
    const { key, readKey } = await world.project('seen <here>');
    const id = await world.check(key, { name: 'shown <b>job</b>', timeout: 60, grace: 10 });
    await world.ping(id);
    await world.document(key, id);
    const own = await world.call('GET', '/');
    expect(own.text).toContain('shown &lt;b&gt;job&lt;/b&gt;');
    expect(own.text).not.toContain(id);
    const forwarded = await world.raw('/', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(forwarded.text).toContain('Paste an API key');
    const body = new URLSearchParams({ key: readKey }).toString();
    const signedIn = await world.raw('/sign-in', { method: 'POST', body });
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const seen = await world.raw('/', { headers: { 'x-forwarded-for': '203.0.113.9', cookie } });
    expect(seen.text).toContain('seen &lt;here&gt;');
    expect(seen.text).not.toContain('threshold');
    expect((await world.raw('/sign-in', { method: 'POST', body: 'key=nonsense' })).status).toBe(401);
  });
});
