import { describe, expect, it } from '@jest/globals';
import { fileNamesRule } from './file-names.rule.ts';
import { printed, sourceFile } from './source-file.ts';
import { readTree } from './tree.ts';

const findingsFor = (path: string): string[] => printed(fileNamesRule([sourceFile(path, '')]));

describe('files and folders', () => {
  it('are named for what they hold', () => {
    expect(printed(fileNamesRule(readTree()))).toEqual([]);
  });

  it.each([
    ['libs/domain/src/utils/text.ts', 'utils'],
    ['libs/domain/src/string-utils.ts', 'string-utils'],
    ['apps/api/src/common/page.ts', 'common'],
    ['apps/api/src/check/types.ts', 'types'],
    ['apps/api/src/check/index.ts', 'index'],
    ['apps/api/src/controllers/check.controller.ts', 'controllers'],
    ['libs/platform/src/http/base.controller.ts', 'base'],
    ['libs/domain/src/check/CheckState.ts', 'CheckState'],
    ['test/acceptance/test_helpers.ts', 'test_helpers'],
  ])('are refused: %s', (path, name) => {
    expect(findingsFor(path)).toEqual([expect.stringContaining(`"${name}`)]);
  });

  it.each([
    'libs/domain/src/index.ts',
    'libs/domain/src/check/fold-step.ts',
    'libs/persistence/src/migrations/0001-initial.ts',
    'apps/ingest/src/ping/ping.route.int.spec.ts',
    'libs/domain/src/base64.ts',
    'docs/adr/index.md',
  ])('are accepted: %s', (path) => {
    expect(findingsFor(path)).toEqual([]);
  });
});
