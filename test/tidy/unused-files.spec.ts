import { describe, expect, it } from '@jest/globals';
import { printed, sourceFile } from './source-file.ts';
import { readTree } from './tree.ts';
import { unusedFilesRule } from './unused-files.rule.ts';

const unusedIn = (files: Readonly<Record<string, string>>): string[] =>
  unusedFilesRule(Object.entries(files).map(([path, text]) => sourceFile(path, text))).map(
    ({ path }) => path,
  );

describe('a product file', () => {
  it('is reached from a program or from the exports of its lib', () => {
    expect(printed(unusedFilesRule(readTree()))).toEqual([]);
  });

  it('is unused when nobody imports it', () => {
    const files = { 'apps/api/src/main.ts': '', 'apps/api/src/check/check.ts': '' };
    expect(unusedIn(files)).toEqual(['apps/api/src/check/check.ts']);
  });

  it('is unused when only its own spec imports it', () => {
    const files = {
      'libs/domain/src/partition.ts': '',
      'libs/domain/src/partition.spec.ts': "import { partitionOf } from './partition.ts';",
    };
    expect(unusedIn(files)).toEqual(['libs/domain/src/partition.ts']);
  });

  it('is unused when only unused files import it', () => {
    const files = {
      'libs/domain/src/a.ts': "import { b } from './b.ts';",
      'libs/domain/src/b.ts': "import { a } from './a.ts';",
    };
    expect(unusedIn(files)).toEqual(['libs/domain/src/a.ts', 'libs/domain/src/b.ts']);
  });

  it('is unused when the import is commented out', () => {
    const files = {
      'libs/domain/src/index.ts': "// export * from './fold.ts';",
      'libs/domain/src/fold.ts': '',
    };
    expect(unusedIn(files)).toEqual(['libs/domain/src/fold.ts']);
  });

  it('is used through imports, exports, worker threads and programs beside the product', () => {
    const files = {
      'apps/api/src/main.ts':
        "import './api.module.ts';\nnew Worker(new URL('./fold.worker.js', import.meta.url));",
      'apps/api/src/api.module.ts': "export { check } from './check/check.ts';",
      'apps/api/src/check/check.ts': "const page = await import('../page/page.ts');",
      'apps/api/src/page/page.ts': '',
      'apps/api/src/fold.worker.ts': '',
      'apps/api/src/seed.ts': '',
      'bench/seed.ts': "import { seed } from '../apps/api/src/seed.ts';",
      'libs/testing/src/left-to-its-users.ts': '',
    };
    expect(unusedIn(files)).toEqual([]);
  });
});
