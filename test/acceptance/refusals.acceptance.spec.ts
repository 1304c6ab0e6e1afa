import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATOR_KEY, World } from './world.ts';

let world: World;
let key: string;
let readKey: string;
let pingKey: string;
let id: string;

const NOBODY = '00000000-0000-4000-8000-000000000000';

beforeAll(async () => {
  world = await World.start('2026-06-01T00:00:00.000Z');
  ({ key, readKey, pingKey } = await world.project('Alice'));
  id = await world.check(key, { name: 'job', slug: 'job', timeout: 60, grace: 10 });
});

afterAll(async () => {
  await world.stop();
});

describe('the admin API refuses with a sentence', () => {
  const create = async (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    await world.raw('/api/v3/checks/', { method: 'POST', headers: { 'x-api-key': key, ...headers }, body });

  it.each([
    ['malformed JSON', '{"name":', 'could not parse request body'],
    ['a list', '[1]', 'value is not an object'],
    ['a text', '"x"', 'value is not an object'],
    ['a number as name', '{"name":5}', 'name is not a string'],
    ['a name that is too long', JSON.stringify({ name: 'x'.repeat(101) }), 'name is too long'],
    ['NUL in a name', '{"name":"a\\u0000b"}', 'name must not contain NUL'],
    ['half a surrogate pair', '{"name":"\\ud800"}', 'name is not well-formed text'],
    ['a timeout as text', '{"timeout":"60"}', 'timeout is not a number'],
    ['a timeout of null', '{"timeout":null}', 'timeout is not a number'],
    ['a timeout of zero', '{"timeout":0}', 'timeout is too small'],
    ['a timeout of a century', '{"timeout":3153600000}', 'timeout is too large'],
    ['a timeout beyond numbers', '{"timeout":1e999}', 'timeout is not a number'],
    ['half a second', '{"timeout":0.5}', 'timeout is not a whole number'],
    ['a slug with blanks', '{"slug":"a b"}', 'slug does not match pattern'],
    ['a cron of four fields', '{"kind":"cron","schedule":"* * * *"}', 'five fields'],
    ['four words', '{"schedule":"* * * *"}', 'schedule is not a valid cron or OnCalendar expression'],
    ['six fields without a kind', '{"schedule":"0 0 * * * *"}', 'not a valid cron or OnCalendar expression'],
    ['a schedule that is too long', JSON.stringify({ schedule: '0'.repeat(101) }), 'schedule is too long'],
    [
      'one that is too long for ours',
      JSON.stringify({ kind: 'cron', schedule: '0'.repeat(2_001) }),
      'schedule is too long',
    ],
    ['February 30', '{"schedule":"0 0 30 2 *"}', 'never happens'],
    ['an unknown zone', '{"schedule":"0 0 * * *","tz":"Mars/Olympus"}', 'tz is not a valid timezone'],
    ['an unknown zone beside a timeout', '{"timeout":60,"tz":"Mars/Olympus"}', 'tz is not a valid timezone'],
    ['a channel that is not there', '{"channels":"nobody"}', 'invalid channel identifier: nobody'],
    ['a filter as text', '{"filter_body":"yes"}', 'filter_body is not a boolean'],
    ['keywords that are too long', JSON.stringify({ start_kw: 'x'.repeat(201) }), 'start_kw is too long'],
    ['a kind that there is not', '{"kind":"lunar"}', 'kind has unexpected value; write "interval"'],
    ['a kind without its schedule', '{"kind":"window"}', 'write the schedule beside "kind": "window"'],
    ['a window that never opens', '{"kind":"window","schedule":"now"}', 'schedule is not a valid'],
    ['other runs', '{"watched_runs":"some"}', 'watched_runs has unexpected value; write "all" or "newest"'],
    [
      'progress at once',
      '{"progress_interval":0}',
      'progress_interval is too small; write seconds from 1 to 31536000, or null',
    ],
    [
      'a tolerance below nothing',
      '{"early_tolerance":-1}',
      'early_tolerance is too small; write seconds from 0 to 31536000, or null',
    ],
    ['two mistakes, by the first in order', '{"tz":5,"name":5}', 'name is not a string'],
  ])('%s', async (_what, body, sentence) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(answer.json.error).toContain(sentence);
  });

  it('broken UTF-8', async () => {
    const answer = await create(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]));
    expect([answer.status, answer.json]).toEqual([400, { error: 'could not parse request body' }]);
  });

  it('a body over the limit', async () => {
    const answer = await create(JSON.stringify({ desc: 'x'.repeat(1_100_000) }));
    expect([answer.status, answer.json]).toEqual([413, { error: 'the request body is too large' }]);
  });

  it('a missing and a wrong key', async () => {
    expect((await world.call('GET', '/api/v3/checks/')).json).toEqual({ error: 'missing api key' });
    const wrong = await world.call('GET', '/api/v3/checks/', { key: `hcw_${'x'.repeat(28)}` });
    expect([wrong.status, wrong.json]).toEqual([401, { error: 'wrong api key' }]);
    const operator = await world.call('POST', '/api/v3/projects', { key, body: { name: 'x' } });
    expect([operator.status, operator.json]).toEqual([401, { error: 'wrong api key' }]);
  });

  it('writing with a key that may only read', async () => {
    const answer = await world.call('POST', '/api/v3/checks/', { key: readKey, body: { name: 'x' } });
    expect([answer.status, answer.json]).toEqual([401, { error: 'wrong api key' }]);
    expect((await world.call('GET', `/api/v3/checks/${id}`, { key: readKey })).json.ping_url).toBeUndefined();
  });

  it("another project's check, on every address of it", async () => {
    const { key: charlie } = await world.project('Charlie');
    const routes: [string, string][] = [
      ['GET', ''],
      ['POST', ''],
      ['DELETE', ''],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['GET', '/pings/'],
      ['GET', '/pings/1/body'],
      ['GET', '/transitions/'],
    ];
    for (const [method, route] of routes) {
      const answer = await world.call(method, `/api/v3/checks/${id}${route}`, { key: charlie });
      expect({ method, route, status: answer.status }).toEqual({ method, route, status: 403 });
    }
    const components = [{ name: 'stolen', check: id }];
    const page = await world.call('POST', '/api/v3/status-pages/', {
      key: charlie,
      body: { slug: 's', name: 's', components },
    });
    expect(page.status).toBe(400);
    const deliveries = await world.call('GET', `/api/v3/deliveries/?check=${id}`, { key: charlie });
    expect(deliveries.json).toEqual({ deliveries: [] });
  });

  it.each([
    ['no URL', { url: 'not a url' }, 'config.url must be an absolute http or https address'],
    ['another scheme', { url: 'file:///etc/passwd' }, 'config.url must be an absolute http or https address'],
    ['credentials', { url: 'https://a:b@example.org/' }, 'must not carry a user name'],
    ['nothing', undefined, 'config must be an object'],
  ])('a channel with %s', async (_what, config, sentence) => {
    const answer = await world.call('POST', '/api/v3/channels/', { key, body: { kind: 'webhook', config } });
    expect(answer.status).toBe(400);
    expect(answer.json.error).toContain(sentence);
  });

  it('checks that are not there, and ids that are none', async () => {
    for (const wrong of [NOBODY, 'x', '%00', "1' OR '1'='1", id.toUpperCase()]) {
      const answer = await world.call('GET', `/api/v3/checks/${encodeURIComponent(wrong)}`, { key });
      expect({ wrong, status: answer.status }).toEqual({ wrong, status: 404 });
    }
    expect((await world.raw('/api/v3/checks/%zz', { headers: { 'x-api-key': key } })).status).toBe(400);
    expect((await world.call('GET', '/nothing/here')).status).toBe(404);
  });

  it('schedules, in the preview, with the field and what to write', async () => {
    const preview = async (body: object) => await world.call('POST', '/api/v3/schedules/preview', { body });
    expect((await preview({ kind: 'cron', schedule: '* * * *' })).json.error).toMatch(
      /^schedule: .*five fields/,
    );
    expect((await preview({ kind: 'cron', schedule: '0 0 * * *', tz: 'Nowhere' })).json.error).toMatch(
      /^tz: /,
    );
    expect((await preview({ kind: 'cron', schedule: ','.repeat(9_000) })).status).toBe(400);
    const good = await preview({
      kind: 'cron',
      schedule: '30 2 * * *',
      tz: 'Europe/Berlin',
      from: '2026-03-28T12:00:00Z',
      count: 2,
    });
    expect(good.json).toMatchObject({ occurrences: ['2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'] });
  });

  it('and nothing of all that was written', async () => {
    const { json } = await world.call('GET', '/api/v3/checks/', { key });
    expect(json.checks.map(({ name }: { name: string }) => name)).toEqual(['job']);
  });
});

describe('the ping address', () => {
  const ping = async (path: string, init: RequestInit = {}) => {
    const { status, text } = await world.raw(`/ping/${path}`, init);
    return [status, text];
  };

  it('answers as Healthchecks does', async () => {
    expect(await ping(id)).toEqual([200, 'OK']);
    expect(await ping(`${id}/`)).toEqual([200, 'OK']);
    expect(await ping(`${pingKey}/job`)).toEqual([200, 'OK']);
    expect(await ping(`${id}/0`, { method: 'POST', body: 'output' })).toEqual([200, 'OK']);
    expect(await ping(NOBODY)).toEqual([404, 'not found']);
    expect(await ping(`${pingKey}/nothing`)).toEqual([404, 'not found']);
    expect(await ping(`${pingKey}/JOB`)).toEqual([400, 'invalid url format']);
    expect(await ping(`${id}/256`)).toEqual([400, 'invalid url format']);
    expect(await ping(`${id}/FOO`)).toEqual([400, 'invalid url format']);
    expect(await ping(`${id}?rid=x`)).toEqual([400, 'invalid uuid format']);
    expect(await ping(id.toUpperCase())).toEqual([404, 'not found']);
    expect((await ping('%ff%fe'))[0]).toBe(400);
    const answer = await world.raw(`/ping/${id}`, { method: 'HEAD' });
    expect([answer.status, answer.text, answer.headers.get('ping-body-limit')]).toEqual([200, '', '10000']);
  });

  it('takes any bytes under any content type, and gives them back as they came', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x41, 0xfe]);
    const headers = { 'content-type': 'application/json' };
    expect(await ping(id, { method: 'POST', headers })).toEqual([200, 'OK']);
    expect(await ping(id, { method: 'POST', headers, body: bytes })).toEqual([200, 'OK']);
    const { json } = await world.call('GET', `/api/v3/checks/${id}/pings/`, { key });
    const newest = json.pings[0];
    const body = await fetch(`${world.url}${new URL(newest.body_url).pathname}`, {
      headers: { 'x-api-key': key },
    });
    expect(Buffer.from(await body.arrayBuffer())).toEqual(bytes);
    expect(json.pings[1].body_url).toBeNull();
  });

  it('keeps head and tail of a body over the limit', async () => {
    const long = `BEGIN${'x'.repeat(3_000_000)}END`;
    expect(await ping(id, { method: 'POST', body: long })).toEqual([200, 'OK']);
    const { json } = await world.call('GET', `/api/v3/checks/${id}/pings/`, { key });
    const kept = await world.call('GET', new URL(json.pings[0].body_url).pathname, { key });
    expect(kept.text.length).toBeLessThanOrEqual(10_200);
    expect(kept.text.startsWith('BEGIN')).toBe(true);
    expect(kept.text.endsWith('END')).toBe(true);
  });

  it('believes forwarded addresses of trusted proxies and keeps hostile headers out of the tables', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'https',
      'user-agent': 'x'.repeat(5_000),
    };
    expect(await ping(id, { headers })).toEqual([200, 'OK']);
    const { json } = await world.call('GET', `/api/v3/checks/${id}/pings/`, { key });
    expect(json.pings[0]).toMatchObject({ remote_addr: '203.0.113.7', scheme: 'https', ua: 'x'.repeat(200) });
  });

  it('knows a check from the moment it was answered, and no longer once it was deleted', async () => {
    for (let round = 0; round < 20; round += 1) {
      const fresh = await world.check(key, { name: `fresh ${round}`, timeout: 60, grace: 10 });
      expect(await ping(fresh)).toEqual([200, 'OK']);
      await world.call('DELETE', `/api/v3/checks/${fresh}`, { key });
      await world.document(key, id);
    }
  });

  it('counts every answered ping', async () => {
    const counted = await world.check(key, { name: 'counted', timeout: 60, grace: 10 });
    const answers = await Promise.all(Array.from({ length: 300 }, async () => await ping(counted)));
    expect(answers.every(([status]) => status === 200)).toBe(true);
    // Time stands still here, and stamps may run ahead of it by no more than a quarter of a second.
    await world.advance(1);
    expect(await world.document(key, counted)).toMatchObject({ n_pings: 300, status: 'up' });
  });
});

describe('the same request again', () => {
  it('finds its check by what was named unique, also when both come at once', async () => {
    const body = { name: 'upserted', slug: 'upserted', unique: ['slug'] };
    const answers = await Promise.all(
      [1, 2, 3, 4].map(async () => await world.call('POST', '/api/v3/checks/', { key, body })),
    );
    expect(answers.map(({ status }) => status).sort((left, right) => left - right)).toEqual([
      200, 200, 200, 201,
    ]);
    expect(new Set(answers.map(({ json }) => json.uuid)).size).toBe(1);
  });
});

describe('the operations addresses', () => {
  it('say that the process lives, is ready, and its numbers', async () => {
    expect((await world.call('GET', '/livez')).status).toBe(200);
    expect((await world.call('GET', '/readyz')).json).toEqual({ ready: true, reasons: {} });
    const metrics = (await world.call('GET', '/metrics')).text;
    for (const name of [
      'holter_pings_total{',
      'holter_append_seconds_bucket',
      'holter_clock_lag_seconds{',
      'holter_transitions_total{',
    ]) {
      expect(metrics).toContain(name);
    }
  });

  it('give a request id with every answer', async () => {
    expect((await world.call('GET', '/livez')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(OPERATOR_KEY.length).toBeGreaterThanOrEqual(16);
  });
});
