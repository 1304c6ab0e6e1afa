import { describe, expect, it } from '@jest/globals';
import { changelogRule } from './changelog.rule.ts';
import { printed, sourceFile } from './source-file.ts';
import { readTree } from './tree.ts';

const GOOD = [
  '# Changelog',
  '',
  '## Unreleased',
  '',
  '- [FEATURE] Status pages',
  '  with badges.',
  '',
  '## 0.1.0 (2027-01-31)',
  '',
  '- [CHANGE] The default grace is an eighth of the interval.',
  '- [FIX] A ping at the deadline is in time.',
];

const linesFor = (lines: readonly string[]): number[] =>
  changelogRule([sourceFile('CHANGELOG.md', lines.join('\n'))]).map(({ line }) => line);

const withLine = (index: number, line: string): string[] => GOOD.with(index, line);

describe('the changelog', () => {
  it('begins with what is not released, and its entries say of which kind they are', () => {
    expect(printed(changelogRule(readTree()))).toEqual([]);
  });

  it('is accepted in this form', () => {
    expect(linesFor(GOOD)).toEqual([]);
  });

  it('is missed when it is not there', () => {
    expect(changelogRule([])).toHaveLength(1);
  });

  it('is refused with anything else first', () => {
    expect(linesFor(withLine(0, '# Changes'))).toEqual([1]);
    expect(linesFor(withLine(2, '## 0.2.0 (2027-02-28)'))).toEqual([3]);
    expect(linesFor(GOOD.slice(0, 2))).toEqual([1]);
  });

  it('is refused with a release without its date', () => {
    expect(linesFor(withLine(7, '## 0.1.0'))).toEqual([8]);
  });

  it('is refused with an entry of no kind', () => {
    expect(linesFor(withLine(4, '- Status pages'))).toEqual([5]);
    expect(linesFor(withLine(10, '- [BUGFIX] A ping at the deadline is in time.'))).toEqual([11]);
  });
});
