import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { World, type Answer } from './world.ts';

let world: World;
let key: string;
let readKey: string;

beforeAll(async () => {
  world = await World.start('2026-06-01T00:00:00.000Z');
  ({ key, readKey } = await world.project('settings'));
});

afterAll(async () => {
  await world.stop();
});

async function created(fields: object): Promise<Answer['json']> {
  return (await world.call('POST', '/api/v3/checks/', { key, body: fields })).json;
}

async function updated(id: string, fields: object): Promise<Answer['json']> {
  return (await world.call('POST', `/api/v3/checks/${id}`, { key, body: fields })).json;
}

describe('a check', () => {
  it("has Healthchecks' rules when nothing is said", async () => {
    expect(await created({})).toMatchObject({
      kind: 'interval',
      timeout: 86_400,
      grace: 3_600,
      max_runtime: null,
      progress_interval: null,
      early_tolerance: 0,
      watched_runs: 'newest',
      hold_on_mass_silence: true,
      assertions: [],
    });
  });

  it('shows what was set, and keeps what is not mentioned', async () => {
    const assertions = [
      { kind: 'metric', metric: 'rows', op: '>', value: 0, required: false, severity: 'failed' },
      { kind: 'min_duration', duration: 1.5, severity: 'degraded' },
    ];
    const fields = {
      max_runtime: 60,
      progress_interval: 30,
      early_tolerance: null,
      watched_runs: 'all',
      hold_on_mass_silence: false,
      assertions,
    };
    const { uuid } = await created(fields);
    expect(await updated(uuid, { name: 'other' })).toMatchObject({ ...fields, config_version: 2 });
    expect(
      await updated(uuid, { progress_interval: null, early_tolerance: 90, assertions: [] }),
    ).toMatchObject({
      progress_interval: null,
      early_tolerance: 90,
      assertions: [],
      max_runtime: 60,
    });
  });

  it('carries nothing beyond Healthchecks for those who may only read', async () => {
    const { uuid } = await created({ watched_runs: 'all' });
    const ours = [
      'kind',
      'progress_interval',
      'early_tolerance',
      'watched_runs',
      'hold_on_mass_silence',
      'assertions',
    ];
    const shown = Object.keys(await world.document(readKey, uuid));
    expect(shown.filter((field) => ours.includes(field))).toEqual([]);
  });
});

describe('the kind of a schedule', () => {
  it.each([
    ['five words are cron', { schedule: '0 4 * * *' }, 'cron'],
    ['a word is OnCalendar', { schedule: 'daily' }, 'oncalendar'],
    ['several lines are OnCalendar', { schedule: 'daily\nMon 12:00' }, 'oncalendar'],
    ['six fields are cron where that is said', { kind: 'cron', schedule: '0 0 4 * * *' }, 'cron'],
    ['a timeout makes an interval', { timeout: 60 }, 'interval'],
    ['a schedule goes before a timeout', { timeout: 60, schedule: '0 4 * * *' }, 'cron'],
    ['a window is one where that is said', { kind: 'window', schedule: 'mon-fri 06:00-08:00' }, 'window'],
    ['none needs nothing', { kind: 'none' }, 'none'],
  ])('is found as in Healthchecks: %s', async (_what, fields, kind) => {
    const made = await created(fields);
    expect(made).toMatchObject({ kind });
    expect(made.schedule).toBe('schedule' in fields ? fields.schedule : undefined);
  });

  it('goes back to an interval as it was set before, and wants the schedule of another kind with it', async () => {
    const { uuid } = await created({ timeout: 60 });
    await updated(uuid, { kind: 'window', schedule: '06:00-08:00', tz: 'Europe/Berlin' });
    const back = await updated(uuid, { kind: 'interval' });
    expect(back).toMatchObject({ kind: 'interval', timeout: 60 });
    const refused = await world.call('POST', `/api/v3/checks/${uuid}`, { key, body: { kind: 'cron' } });
    expect(refused.status).toBe(400);
    expect(refused.json.error).toMatch(/it is missing; write the schedule beside "kind": "cron"$/);
  });

  it.each([
    ['interval', { schedule: '0 0 * * *' }, /schedule is not for "kind": "interval"; write timeout/],
    ['none', { timeout: 60 }, /timeout is not for "kind": "none"; leave it out/],
    ['cron', { schedule: '0 0 * * *', timeout: 60 }, /timeout is not for "kind": "cron"/],
    ['cron', {}, /it is missing; write the schedule/],
  ])('is not mixed with the fields of another: %s', async (kind, fields, sentence) => {
    const answer = await world.call('POST', '/api/v3/checks/', { key, body: { kind, ...fields } });
    expect(answer.status).toBe(400);
    expect(answer.json.error).toMatch(sentence);
  });

  it('that is named brings the grace that fits it, unless one is given', async () => {
    expect(await created({ kind: 'interval', timeout: 3_600 })).toMatchObject({ grace: 450 });
    expect(await created({ kind: 'cron', schedule: '*/20 * * * * *' })).toMatchObject({ grace: 60 });
    expect(await created({ kind: 'interval', timeout: 3_600, grace: 5 })).toMatchObject({ grace: 5 });
    expect(await created({ timeout: 3_600 })).toMatchObject({ grace: 3_600 });
  });
});

describe('keywords', () => {
  const kinds = async (id: string): Promise<string[]> => {
    const { json } = await world.call('GET', `/api/v3/checks/${id}/pings/`, { key });
    return json.pings.map(({ type }: { type: string }) => type).reverse();
  };

  it('in a body go before what the URL says, failures first', async () => {
    const { uuid } = await created({
      filter_http_body: true,
      start_kw: 'BEGIN',
      success_kw: 'all done, ok ,',
      failure_kw: 'ERROR',
    });
    for (const body of ['BEGIN', 'it is ok', 'ok but ERROR', 'OK', 'all done']) {
      await world.ping(uuid, '/fail', { body });
    }
    expect(await kinds(uuid)).toEqual(['start', 'success', 'fail', 'ign', 'success']);
    expect(await world.document(key, uuid)).toMatchObject({ status: 'up', n_pings: 5 });
  });

  it('that do not occur make a failure where that was asked for', async () => {
    const { uuid } = await created({ filter_http_body: true, success_kw: 'ok', filter_default_fail: true });
    await world.ping(uuid, '', { body: 'nothing' });
    expect(await kinds(uuid)).toEqual(['fail']);
  });

  it('are not looked for in bodies unless that was asked for', async () => {
    const { uuid } = await created({ filter_body: true, failure_kw: 'ERROR', filter_default_fail: true });
    await world.ping(uuid, '', { body: 'ERROR' });
    expect(await kinds(uuid)).toEqual(['success']);
  });

  it('have old names, which say by the way that subjects are looked at', async () => {
    const { uuid } = await created({ subject: 'done', subject_fail: 'broken' });
    expect(await updated(uuid, {})).toMatchObject({
      subject: 'done',
      subject_fail: 'broken',
      success_kw: 'done',
      failure_kw: 'broken',
      filter_subject: true,
    });
    expect(await updated(uuid, { filter_subject: false })).toMatchObject({
      subject: '',
      subject_fail: '',
      success_kw: 'done',
      filter_subject: false,
    });
    expect(await updated(uuid, { subject: '', subject_fail: '' })).toMatchObject({
      success_kw: '',
      filter_subject: false,
    });
    expect(await updated(uuid, { subject: 'x', filter_subject: false })).toMatchObject({
      success_kw: 'x',
      filter_subject: false,
    });
  });
});
