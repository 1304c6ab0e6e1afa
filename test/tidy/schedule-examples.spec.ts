import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compileSchedule, describeSchedule, localTimeText, zoneNamed } from '#domain';
import { scheduleFromText, type ScheduleText } from '../../apps/api/src/schedule/schedule-text.ts';
import { ROOT } from './tree.ts';

const PAGE = readFileSync(path.join(ROOT, 'docs/reference/schedules.md'), 'utf8');
const FROM_AT = Date.parse('2026-03-28T12:00:00Z');

/** The rows of the table after a sentence; what Markdown needs around a text is taken off. */
function rowsAfter(sentence: string): string[][] {
  const rest = PAGE.slice(PAGE.indexOf(sentence));
  const table = /(?:^\|.*\n?)+/m.exec(rest)?.[0] ?? '';
  const cells = table.trim().split('\n').slice(2);
  return cells.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll(/`|\\(?=[*_])/g, '')),
  );
}

const scheduleOf = ([kind = '', text = '', zone = '']: readonly string[]) =>
  scheduleFromText({ kind: kind as ScheduleText['kind'], text, zone });

const EXAMPLES = rowsAfter('What each means');
const REFUSALS = rowsAfter('Refused, and why');

describe('an example on the page about schedules', () => {
  it('is one of many', () => {
    expect(EXAMPLES.length).toBeGreaterThan(15);
    expect(REFUSALS.length).toBeGreaterThan(8);
    expect(new Set(EXAMPLES.map(([kind]) => kind)).size).toBe(5);
  });

  it.each(EXAMPLES.map((row) => [row.slice(0, 3).join(' '), row] as const))('is as it says: %s', (_, row) => {
    const [, , zoneName = '', words, next, warnings = ''] = row;
    const described = describeSchedule(scheduleOf(row), { fromAt: FROM_AT });
    const zone = zoneNamed(zoneName);
    const [nextAt] = described.nextAt;
    expect(described.words).toBe(words);
    expect(zone !== null && nextAt !== undefined ? localTimeText(zone, nextAt) : '').toBe(next);
    expect([...new Set(described.warnings.map(({ code }) => code))].join(', ')).toBe(warnings);
  });

  it.each(REFUSALS.map((row) => [row.slice(0, 3).join(' '), row] as const))(
    'is refused as it says: %s',
    (_, row) => {
      const result = compileSchedule(scheduleOf(row));
      expect(result.ok ? null : result.problem).toBe(row[3]);
    },
  );
});
