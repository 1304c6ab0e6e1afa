import { describe, expect, it } from '@jest/globals';
import { printed, sourceFile } from './source-file.ts';
import { readTree } from './tree.ts';
import { workplaceRule } from './workplace.rule.ts';

// Each is put together here, so that this file does not find itself.
const FOREIGN = [
  ['/wo', 'rk/main/apps'],
  ['/fa', 'rm/queue'],
  ['see DESI', 'GN.md'],
  ['by an A', 'I assistant'],
  ['as an A', 'I, it cannot'],
  ['asked Clau', 'de'],
  ['in this sess', 'ion'],
  ['fixes Iss', 'ue #12'],
].map((parts) => parts.join(''));

describe('every text', () => {
  it('can be read by someone who has only the repository', () => {
    expect(printed(workplaceRule(readTree()))).toEqual([]);
  });

  it.each(FOREIGN)('is refused when it says: %s', (words) => {
    const file = sourceFile('docs/architecture.md', `# Title\n\nIt is ${words}.`);
    expect(workplaceRule([file])).toEqual([expect.objectContaining({ line: 3 })]);
  });

  it.each([
    'The advisory lock ends with the database session.',
    'Work in the network of a worker, such as apps/worker/src.',
    'PostgreSQL issues a warning; RFC 7231 #4 says why.',
    'It is said that the maintainer failed.',
  ])('is accepted when it says: %s', (sentence) => {
    expect(workplaceRule([sourceFile('docs/architecture.md', sentence)])).toEqual([]);
  });
});
