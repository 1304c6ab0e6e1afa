import { describe, expect, it } from '@jest/globals';
import { castsRule } from './casts.rule.ts';
import { printed, sourceFile } from './source-file.ts';
import { readTree } from './tree.ts';

// Put together here, so that this file does not silence anything itself.
const silence = (directive: string): string => ['//', directive].join(' ');

const findingsFor = (line: string): string[] =>
  printed(castsRule([sourceFile('apps/api/src/check/check.ts', line)]));

describe('the compiler and the linter', () => {
  it('are not silenced without a reason', () => {
    expect(printed(castsRule(readTree()))).toEqual([]);
  });

  it.each([
    'const row = answer as unknown as Row;',
    'const row = answer as unknown\n  as Row;',
    'const row = answer as never as Row;',
    silence('@ts-ignore'),
    silence('@ts-nocheck the types are wrong'),
    silence('@ts-expect-error'),
    silence('oxlint-disable-next-line no-console'),
    silence('eslint-disable no-console'),
  ])('are silenced by: %s', (line) => {
    expect(findingsFor(line)).toHaveLength(1);
  });

  it.each([
    'const row = answer as Row;',
    'const rows = answer as readonly unknown[];',
    '// A cast as unknown as Row would hide the null.',
    silence('@ts-expect-error The driver types this as text.'),
    silence('oxlint-disable-next-line no-console -- the one line that a person reads'),
  ])('are not silenced by: %s', (line) => {
    expect(findingsFor(line)).toEqual([]);
  });
});
