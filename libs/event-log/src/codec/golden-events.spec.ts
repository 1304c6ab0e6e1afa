import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { BEAT_TYPES, EVENT_TYPES, fold, newPartitionState, type Beat, type Verdict } from '#domain';
import { decodeBeat, decodeVerdict, encodeEvent, type Decoded } from './codec.ts';

// A log lives longer than the code that wrote it: these lines are what earlier programs wrote, byte for byte, and every
// later one must read them. They are only ever added to.
const FOLDER = new URL('./golden/', import.meta.url);
const names = readdirSync(FOLDER);

function lineOf(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8').trimEnd();
}

const beatTypes: readonly string[] = BEAT_TYPES;

function decode(line: string): Decoded<Beat | Verdict> {
  const { type }: { type: string } = JSON.parse(line);
  return beatTypes.includes(type) ? decodeBeat(line) : decodeVerdict(line);
}

describe('a recorded line of the log', () => {
  it('is there for the first version of every wire event', () => {
    expect(names).toEqual(expect.arrayContaining(EVENT_TYPES.map((type) => `${type}.v1.golden.json`)));
  });

  it.each(names)('is one line, as the log demands: %s', (name) => {
    expect(lineOf(name)).not.toContain('\n');
  });

  it.each(names)('is read, and written again with the same bytes: %s', (name) => {
    const line = lineOf(name);
    const decoded = decode(line);
    expect(decoded).toMatchObject({ ok: true, event: { type: name.replace(/\.v\d+\.golden\.json$/, '') } });
    expect(decoded.ok ? encodeEvent(decoded.event) : decoded.reason).toBe(line);
  });

  it.each(names)('keeps fields that a later program added: %s', (name) => {
    const later = { ...JSON.parse(lineOf(name)), nuance: { deep: [1, null, 'ü'] } };
    const decoded = decode(JSON.stringify(later));
    expect(decoded.ok).toBe(true);
    expect(JSON.parse(decoded.ok ? encodeEvent(decoded.event) : 'null')).toEqual(later);
  });

  it.each(names.filter((name) => beatTypes.includes(name.replace(/\.v\d+\.golden\.json$/, ''))))(
    'can be folded into an empty partition: %s',
    (name) => {
      const decoded = decodeBeat(lineOf(name));
      const state = newPartitionState(0);
      if (decoded.ok) fold(state, 17, decoded.event);
      expect(state.nextOffset).toBe(18);
    },
  );
});
