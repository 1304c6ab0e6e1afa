import { describe, expect, it } from '@jest/globals';
import { queryMetrics } from './query-metrics.ts';

describe('numbers in a ping URL', () => {
  it.each([
    ['12', 12],
    ['-0.5', -0.5],
    ['+3', 3],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1_000],
    ['1E-3', 0.001],
    ['007', 7],
    [['1', '2'], 2],
  ])('are taken: %j', (given, value) => {
    expect(queryMetrics({ 'm.rows': given })).toEqual({ rows: value });
  });

  it.each(['', ' ', 'many', '1,5', '0x10', 'NaN', 'Infinity', '1e999', '1 2', '٣', undefined, null, {}, []])(
    'are passed over when they are none: %j',
    (given) => {
      expect(queryMetrics({ 'm.rows': given, 'm.errors': '0' })).toEqual({ errors: 0 });
    },
  );

  it('have names in lower case', () => {
    expect(queryMetrics({ 'M.Rows.Written_1-a': '1' })).toEqual({ 'rows.written_1-a': 1 });
  });

  it.each(['m.', 'm.a b', 'm.ä', `m.${'x'.repeat(65)}`, 'rows', 'm', 'mrows', 'rid'])(
    'are passed over under a name that is none: %s',
    (name) => {
      expect(queryMetrics({ [name]: '1' })).toBeNull();
    },
  );

  it('are at most 32', () => {
    const query = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`m.n${index}`, '1']));
    expect(Object.keys(queryMetrics(query) ?? {})).toHaveLength(32);
  });

  it('may be called as parts of every object are', () => {
    const query = Object.fromEntries([
      ['m.__proto__', '1'],
      ['m.constructor', '2'],
    ]);
    expect(JSON.stringify(queryMetrics(query))).toBe('{"__proto__":1,"constructor":2}');
  });

  it('are none where nothing was asked', () => {
    expect(queryMetrics(undefined)).toBeNull();
    expect(queryMetrics({})).toBeNull();
  });
});
