import { describe, expect, it } from '@jest/globals';
import { understandPath, understandRid } from './healthchecks.dialect.ts';

const U = '3f2c9a10-7d4e-4b6a-9c1d-5e8f0a2b4c6d';
const K = '5f0e4d3c2b1a09876543210fedcba987';

/** What a path means, on one line. */
function meaning(path: string): string {
  const understood = understandPath(path);
  if (!understood.ok) return `${understood.status} ${understood.text}`;
  const { target, kind, exitStatus } = understood.ping;
  const who = target.by === 'id' ? 'id' : `${target.pingKey === K ? 'key' : target.pingKey}/${target.slug}`;
  return `${who} ${kind}${exitStatus === null ? '' : ` ${exitStatus}`}`;
}

describe('a ping URL of Healthchecks', () => {
  it.each([
    [`${U}`, 'id success'],
    [`${U}/`, 'id success'],
    [`${U}/start`, 'id start'],
    [`${U}/fail`, 'id fail'],
    [`${U}/log`, 'id log'],
    [`${U}/progress`, 'id progress'],
    [`${U}/0`, 'id success 0'],
    [`${U}/00`, 'id success 0'],
    [`${U}/1`, 'id fail 1'],
    [`${U}/255`, 'id fail 255'],
    [`${U}/256`, 'id fail 256'],
    [`${K}/backup`, 'key/backup success'],
    [`${K}/backup/start`, 'key/backup start'],
    [`${K}/backup/fail`, 'key/backup fail'],
    [`${K}/backup/log`, 'key/backup log'],
    [`${K}/backup/progress`, 'key/backup progress'],
    [`${K}/backup/0`, 'key/backup success 0'],
    [`${K}/backup/137`, 'key/backup fail 137'],
    [`${K}/my_job-2`, 'key/my_job-2 success'],
    [`${K}/start`, 'key/start success'],
    [`Key_with-22-characters/backup`, 'Key_with-22-characters/backup success'],
  ])('says what it says: %s', (path, said) => {
    expect(meaning(path)).toBe(said);
  });

  it.each([
    [`${U}/foo`, `${U}/foo success`],
    [`${U}/-1`, `${U}/-1 success`],
    [`${U}/fail/start`, `${U}/fail start`],
  ])('with a tail unknown to ids is read as key and slug: %s', (path, said) => {
    expect(meaning(path)).toBe(said);
  });

  it.each([
    [`${U}/FOO`, '400 invalid url format'],
    [`${K}/Backup`, '400 invalid url format'],
    [`${K}/BACKUP/start`, '400 invalid url format'],
  ])('with a capital letter in its slug is a wrong format: %s', (path, said) => {
    expect(meaning(path)).toBe(said);
  });

  it.each([
    '',
    '/',
    K,
    `${K}/`,
    U.toUpperCase(),
    U.replaceAll('-', ''),
    `${U}/fail/`,
    `${U}//`,
    `${U}//start`,
    `${K}/backup/`,
    `${K}/backup/start/`,
    `${K}/backup/stop`,
    `${K}/backup/Progress`,
    `${K}/backup/START`,
    `${K}/backup/-1`,
    `${K}/backup/1.5`,
    `${K}/backup/٣`,
    `${K}/back%75p`,
    `${K}/bäckup`,
    `${K}/back up`,
    `key.with.dots/backup`,
    `${K}/backup/start/now`,
  ])('is not found when it is none: %s', (path) => {
    expect(meaning(path)).toBe('404 not found');
  });

  it('with a number beyond all numbers is still a number, to be refused once the check is found', () => {
    expect(understandPath(`${U}/${'9'.repeat(400)}`)).toMatchObject({
      ok: true,
      ping: { exitStatus: Infinity },
    });
  });
});

describe('a run id', () => {
  it.each([
    [undefined, null],
    [U, U],
    [U.toUpperCase(), U],
    ['', false],
    [`${U}x`, false],
    [` ${U}`, false],
    [U.replaceAll('-', ''), false],
    [`{${U}}`, false],
    ['null', false],
  ])('is a UUID in its usual form, or none: %s', (text, rid) => {
    expect(understandRid(text)).toBe(rid);
  });
});
