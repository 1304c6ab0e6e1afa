import { describe, expect, it } from '@jest/globals';
import { leftoversRule } from './leftovers.rule.ts';
import { printed, sourceFile } from './source-file.ts';
import { readTree } from './tree.ts';

// Put together here, so that this file does not find itself.
const LATER = ['TO', 'DO'].join('');
const BROKEN = ['FIX', 'ME'].join('');

describe('a note to finish it later', () => {
  it('is nowhere', () => {
    expect(printed(leftoversRule(readTree()))).toEqual([]);
  });

  it.each([
    ['libs/domain/src/check/fold.ts', `// ${LATER}: holes`],
    ['docs/architecture.md', `${BROKEN} the picture`],
    ['docker-compose.yml', `# ${LATER}(#12) three nodes`],
  ])('is found in %s', (path, line) => {
    expect(leftoversRule([sourceFile(path, `\n\n${line}`)])).toEqual([
      expect.objectContaining({ path, line: 3 }),
    ]);
  });

  it('is not every word that looks like it', () => {
    expect(
      leftoversRule([sourceFile('docs/a.md', `What is to do, a ${LATER}S list, fix me a drink.`)]),
    ).toEqual([]);
  });
});
