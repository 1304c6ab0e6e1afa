import { describe, expect, it } from '@jest/globals';
import { printed, sourceFile } from './source-file.ts';
import { testNamesRule } from './test-names.rule.ts';
import { readTree } from './tree.ts';

const linesFor = (...lines: string[]): number[] =>
  testNamesRule([sourceFile('libs/domain/src/fold.spec.ts', lines.join('\n'))]).map(({ line }) => line);

describe('the name of a test', () => {
  it('stands once in its file', () => {
    expect(printed(testNamesRule(readTree()))).toEqual([]);
  });

  it('is found twice whatever the quotes, the function and the describe around it', () => {
    const lines = [
      "describe('when up', () => { it('goes down', () => {}); });",
      'describe("when late", () => { test("goes down", () => {}); });',
      'it(`goes down`, () => {});',
    ];
    expect(linesFor(...lines)).toEqual([2, 3]);
  });

  it('is found after a table of cases', () => {
    const lines = [
      "it.each([['(', 1], [')', 2]])('counts %s', () => {});",
      "it.concurrent.each`\n  a\n  ${1}\n`('counts %s', () => {});",
      "it('counts %s', () => {});",
    ];
    expect(linesFor(...lines)).toEqual([2, 6]);
  });

  it('may differ in a little', () => {
    expect(
      linesFor("it('goes down', f);", "it('goes down once', f);", "it('isn\\'t', f);", "it('isn', f);"),
    ).toEqual([]);
  });

  it('is not every call of something called it', () => {
    expect(
      linesFor("await it.next('a');", "visit('a');", "visit('a');", "row.test('a');", "row.test('a');"),
    ).toEqual([]);
  });

  it('is looked for in tests only', () => {
    const text = "it('a', f);\nit('a', f);";
    expect(testNamesRule([sourceFile('libs/testing/src/given.ts', text)])).toEqual([]);
    expect(testNamesRule([sourceFile('libs/event-log/src/event-log.contract.ts', text)])).toHaveLength(1);
  });
});
