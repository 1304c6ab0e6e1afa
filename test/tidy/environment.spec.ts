import { describe, expect, it } from '@jest/globals';
import { environmentRule } from './environment.rule.ts';
import { printed, sourceFile } from './source-file.ts';
import { readTree } from './tree.ts';

describe('the environment', () => {
  it('is read in *.config.ts files only', () => {
    expect(printed(environmentRule(readTree()))).toEqual([]);
  });

  it.each([
    'const port = process.env.HOLTER_PORT;',
    "const port = process.env['HOLTER_PORT'];",
    "const port = process['env'].HOLTER_PORT;",
    'const { env } = process;',
    "import { env } from 'node:process';",
  ])('is found in: %s', (line) => {
    const file = sourceFile('apps/ingest/src/main.ts', `// Opens.\n${line}`);
    expect(environmentRule([file])).toEqual([
      expect.objectContaining({ line: 2, instead: expect.stringContaining('*.config.ts') }),
    ]);
  });

  it('may be read by those who have a reason, and named in a comment by all', () => {
    const read = 'start(process.env);';
    const paths = [
      'apps/ingest/src/ingest.config.ts',
      'apps/ingest/src/ingest.config.spec.ts',
      'libs/testing/src/services.ts',
      'bench/ingest.ts',
      'scripts/start-broker.mjs',
      'test/e2e/four-services.ts',
    ];
    expect(environmentRule(paths.map((path) => sourceFile(path, read)))).toEqual([]);
    expect(
      environmentRule([sourceFile('apps/api/src/main.ts', '// Not process.env.\nexit(process.pid);')]),
    ).toEqual([]);
  });
});
