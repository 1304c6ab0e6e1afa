import { describe, expect, it } from '@jest/globals';
import { BEAT_TYPES, EVENT_TYPES, HEALTHCHECKS_RULES, type CheckDefinition } from '#domain';
import fc from 'fast-check';
import { decodeBeat, decodeDefinition, decodeVerdict, encodeDefinition, type Undecodable } from './codec.ts';

const numbers = { v: 1, producer: 'a', epoch: 1, pseq: 1 };
const reasonOf = (value: string): Undecodable | 'read' => {
  const decoded = decodeBeat(value);
  return decoded.ok ? 'read' : decoded.reason;
};

describe('a line that is no record of ours', () => {
  it.each([
    ['nothing', '', 'not_json'],
    ['half a record', '{"v":1,"type":"waterm', 'not_json'],
    ['null', 'null', 'not_json'],
    ['a number', '42', 'not_json'],
    ['a text', '"watermark"', 'not_json'],
    ['true', 'true', 'not_json'],
    ['a list', '[]', 'unknown_type'],
    ['a list of records', '[{"v":1,"type":"watermark"}]', 'unknown_type'],
    ['an empty object', '{}', 'unknown_type'],
    ['a type of another product', '{"v":1,"type":"order.placed"}', 'unknown_type'],
    ['a type that is no text', '{"v":1,"type":["watermark"]}', 'unknown_type'],
    ['the name of something that every object has', '{"v":1,"type":"__proto__"}', 'unknown_type'],
    ['a version of the future', '{"v":2,"type":"watermark"}', 'unknown_version'],
    ['a version as text', '{"v":"1","type":"watermark"}', 'unknown_version'],
    ['no version', '{"type":"watermark"}', 'unknown_version'],
  ])('is told apart and never thrown: %s', (_, value, reason) => {
    expect(reasonOf(value)).toBe(reason);
  });

  it('may be a megabyte long', () => {
    const million = 1_000_000;
    expect(reasonOf('x'.repeat(million))).toBe('not_json');
    expect(reasonOf('['.repeat(million))).toBe('not_json');
    expect(reasonOf(`{"v":1,"type":"${'w'.repeat(million)}"}`)).toBe('unknown_type');
    expect(reasonOf('{"a":'.repeat(million / 5))).toBe('not_json');
  });

  it('is answered with a reason whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (value) => {
        expect(decodeBeat(value).ok).toBe(false);
        expect(decodeVerdict(value).ok).toBe(false);
        expect(decodeDefinition(value)).toBeNull();
      }),
    );
  });

  it('is answered with a reason or read, whatever a known type comes with', () => {
    const field = fc.oneof(fc.constant(null), fc.integer(), fc.string(), fc.array(fc.integer()), fc.object());
    const fields = fc.dictionary(fc.constantFrom(...FIELDS), field);
    fc.assert(
      fc.property(fc.constantFrom(...EVENT_TYPES), fields, (type, rest) => {
        const value = JSON.stringify({ ...rest, v: 1, type });
        expect(typeof decodeBeat(value).ok).toBe('boolean');
        expect(typeof decodeVerdict(value).ok).toBe('boolean');
      }),
    );
  });
});

const FIELDS = [
  'producer',
  'epoch',
  'pseq',
  'at',
  'checkId',
  'definition',
  'expired',
  'receivedAt',
  'kind',
  'oseq',
  'fromAt',
  'untilAt',
  'version',
];

describe('a record without what the fold needs', () => {
  it.each(BEAT_TYPES)('is not read: %s with its numbers alone', (type) => {
    expect(reasonOf(JSON.stringify({ ...numbers, type }))).toBe('missing_field');
  });

  it.each(['producer', 'epoch', 'pseq'])('is not read: a watermark without its %s', (name) => {
    const { [name as 'epoch']: _gone, ...rest } = { ...numbers, type: 'watermark', at: 1 };
    expect(reasonOf(JSON.stringify({ ...numbers, type: 'watermark', at: 1 }))).toBe('read');
    expect(reasonOf(JSON.stringify(rest))).toBe('missing_field');
  });

  it.each([
    { type: 'watermark', at: '5' },
    { type: 'watermark', at: null },
    { type: 'ping.received', checkId: 'c', receivedAt: null, kind: 'success' },
    { type: 'ping.received', checkId: 7, receivedAt: 1, kind: 'success' },
    { type: 'check.configured', definition: null },
    { type: 'check.configured', definition: { checkId: 9 } },
    { type: 'check.paused', checkId: null },
    { type: 'ingest.expired', expired: 'a' },
    { type: 'coverage.suspect', fromAt: 1, reason: 'operator' },
    { type: 'coverage.suspect', fromAt: null, untilAt: 2, reason: 'operator' },
    { type: 'tz.activated', version: 2026 },
    { type: 'rules.activated', version: '1' },
    { type: 'rules.activated', version: 1.5 },
  ])('is not read: %j', (fields) => {
    expect(reasonOf(JSON.stringify({ ...numbers, ...fields }))).toBe('missing_field');
  });

  it('is no verdict without its number in the partition', () => {
    expect(decodeVerdict('{"v":1,"type":"check.up"}')).toEqual({ ok: false, reason: 'missing_field' });
  });
});

describe('the two kinds of records', () => {
  it('are never taken for each other', () => {
    expect(decodeVerdict(JSON.stringify({ ...numbers, type: 'watermark', at: 1, oseq: 1 }))).toMatchObject({
      reason: 'unknown_type',
    });
    expect(reasonOf(JSON.stringify({ ...numbers, type: 'check.missed', oseq: 1 }))).toBe('unknown_type');
  });
});

describe('a definition for ingest', () => {
  const definition: CheckDefinition = {
    checkId: '3f2c9a10-7d4e-4b6a-9c1d-5e8f0a2b4c6d',
    projectId: 'project',
    pingKey: '0'.repeat(32),
    configVersion: 3,
    name: 'Größe "x"\n',
    slug: 'x',
    tags: ['a'],
    schedule: { kind: 'interval', periodMs: 60_000 },
    graceMs: 1_000,
    ...HEALTHCHECKS_RULES,
  };

  it('is read as it was written, in one line', () => {
    const line = encodeDefinition(definition);
    expect(line).not.toContain('\n');
    expect(decodeDefinition(line)).toEqual(definition);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"v":1}',
    '{"v":2,"definition":{"checkId":"c"}}',
    '{"v":1,"definition":null}',
  ])('is nothing when it cannot be read: %s', (line) => {
    expect(decodeDefinition(line)).toBeNull();
  });
});
