import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { runOxlint, type Complaint } from './run-oxlint.ts';
import { ROOT } from './tree.ts';

const lines = (count: number, line: string): string => Array.from({ length: count }, () => line).join('\n');
const functionOf = (count: number): string =>
  `export function long(act: () => void): void {\n${lines(count, '  act();')}\n}`;
const JEST = "import { expect, it } from '@jest/globals';";
const PROPERTY = [
  "import { describe, it } from '@jest/globals';",
  "import fc from 'fast-check';",
  'export const promises = (group: string): void => {',
  '  describe(group, () => {',
  "    it('a', () => {",
  '      fc.assert(fc.property(fc.nat(), (a) => a >= 0));',
  '    });',
  '  });',
  '};',
].join('\n');
const PLACE = 'apps/api/src';

/** For every rule that .oxlintrc.json names: a file that breaks it. */
const BREAKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  eqeqeq: { [`${PLACE}/equal.ts`]: 'export const same = (a: number, b: number): boolean => a == b;' },
  'import/no-cycle': {
    [`${PLACE}/chicken.ts`]: "import type { Egg } from './egg.ts';\nexport type Chicken = { egg: Egg };",
    [`${PLACE}/egg.ts`]:
      "import type { Chicken } from './chicken.ts';\nexport type Egg = { chicken: Chicken };",
  },
  'import/no-default-export': { [`${PLACE}/nameless.ts`]: 'const a = 1;\nexport default a;' },
  'import/no-duplicates': {
    [`${PLACE}/twice.ts`]:
      "import { a } from './four.ts';\nimport { b } from './four.ts';\nexport const c = a + b;",
    [`${PLACE}/four.ts`]: 'export const a = 2;\nexport const b = 2;',
  },
  'jest/expect-expect': { [`${PLACE}/silent.spec.ts`]: `${JEST}\nit('a', () => {});\nexpect(1).toBe(1);` },
  'jest/no-disabled-tests': {
    [`${PLACE}/skipped.spec.ts`]: `${JEST}\nit.skip('a', () => { expect(1).toBe(1); });`,
  },
  'jest/no-focused-tests': {
    [`${PLACE}/focused.spec.ts`]: `${JEST}\nit.only('a', () => { expect(1).toBe(1); });`,
  },
  'jest/no-identical-title': {
    [`${PLACE}/same.spec.ts`]: `${JEST}\n${lines(2, "it('a', () => { expect(1).toBe(1); });")}`,
  },
  'jest/valid-title': { [`${PLACE}/untitled.spec.ts`]: `${JEST}\nit(1, () => { expect(1).toBe(1); });` },
  'max-depth': {
    [`${PLACE}/deep.ts`]:
      'export function deep(a: number): number {\n  while (a > 0) { if (a > 1) { if (a > 2) { if (a > 3) { return 1; } } } }\n  return 2;\n}',
  },
  'max-lines': { [`${PLACE}/endless.ts`]: lines(301, '// One more.') },
  'max-lines-per-function': { [`${PLACE}/long.ts`]: functionOf(59) },
  'max-params': {
    [`${PLACE}/many.ts`]:
      'export const sum = (a: number, b: number, c: number, d: number, e: number) => a + b + c + d + e;',
  },
  'no-console': {
    [`${PLACE}/loud.ts`]: "console.log('a');",
  },
  'no-restricted-imports': { [`${PLACE}/foreign.ts`]: "export * from 'kafkajs';" },
  'no-var': { [`${PLACE}/old.ts`]: 'export var a = 1;' },
  'prefer-const': {
    [`${PLACE}/never-changes.ts`]: 'export function one(): number {\n  let a = 1;\n  return a;\n}',
  },
  'typescript/consistent-type-imports': {
    [`${PLACE}/type-only.ts`]: "import { Four } from './number.ts';\nexport const four: Four = 4;",
    [`${PLACE}/number.ts`]: 'export type Four = 4;',
  },
  'typescript/no-explicit-any': {
    [`${PLACE}/anything.ts`]: 'export const first = (list: any[]): unknown => list[0];',
  },
  'typescript/no-floating-promises': {
    [`${PLACE}/floating.ts`]: 'export function go(act: () => Promise<void>): void {\n  act();\n}',
  },
  'typescript/no-misused-promises': {
    [`${PLACE}/misused.ts`]: 'export const go = (act: () => Promise<boolean>): number => (act() ? 1 : 2);',
  },
  'typescript/no-non-null-assertion': {
    [`${PLACE}/surely.ts`]: 'export const first = (list: number[]): number => list[0]!;',
  },
  'typescript/only-throw-error': {
    [`${PLACE}/thrown.ts`]: "export function fail(): never {\n  throw 'no';\n}",
  },
  'typescript/switch-exhaustiveness-check': {
    [`${PLACE}/forgotten.ts`]:
      "export function of(a: 'up' | 'down'): number {\n  switch (a) {\n    case 'up':\n      return 1;\n    default:\n      return 2;\n  }\n}",
  },
  'unicorn/prefer-node-protocol': {
    [`${PLACE}/bare.ts`]: "import { readFileSync } from 'fs';\nexport const read = readFileSync;",
  },
};

/** What looks like a breach but stands where it may. */
const FINE: Readonly<Record<string, string>> = {
  'scripts/speak.ts': "console.log('a');",
  'bench/speak.ts': "console.log('a');",
  'jest.config.mjs': 'export default {};',
  'apps/api/src/just.ts': functionOf(58),
  'apps/api/src/just.spec.ts': `${JEST}\nit('a', () => {\n${lines(200, '  expect(1).toBe(1);')}\n});`,
  'libs/event-log/src/contract/reading.contract.ts': PROPERTY,
  'libs/domain/src/schedule/zone-table.generated.ts': `export const OFFSETS = [\n${lines(400, '  0,')}\n];`,
};

let complaints: readonly Complaint[];

describe('the linter', () => {
  beforeAll(() => {
    complaints = runOxlint({ ...Object.assign({}, ...Object.values(BREAKS)), ...FINE });
  });

  it.each(Object.entries(BREAKS))('finds a breach of %s', (rule, files) => {
    const rules = complaints.filter((each) => Object.hasOwn(files, each.path)).map((each) => each.rule);
    expect(rules).toContain(rule);
  });

  it('has no rule that was never seen to find anything', () => {
    const configuration = JSON.parse(readFileSync(path.join(ROOT, '.oxlintrc.json'), 'utf8')) as {
      rules: object;
    };
    expect(Object.keys(BREAKS).sort()).toEqual(Object.keys(configuration.rules).sort());
  });

  it('leaves alone what stands where it may', () => {
    expect(complaints.filter((each) => Object.hasOwn(FINE, each.path))).toEqual([]);
  });
});
