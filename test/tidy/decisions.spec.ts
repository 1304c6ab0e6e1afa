import { describe, expect, it } from '@jest/globals';
import { decisionsRule } from './decisions.rule.ts';
import { printed, sourceFile, type SourceFile } from './source-file.ts';
import { readTree } from './tree.ts';

const SECTIONS = [
  'Status',
  'Context',
  'Options',
  'Decision',
  'Consequences',
  'How we would know it was wrong',
];

const decision = (name: string, title: string, sections = SECTIONS): SourceFile =>
  sourceFile(
    `docs/adr/${name}`,
    [`# ${title}`, ...sections.map((each) => `## ${each}\n\nWords.`)].join('\n\n'),
  );

describe('decisions', () => {
  it('are numbered without gaps and answer the six questions', () => {
    expect(printed(decisionsRule(readTree()))).toEqual([]);
  });

  it('are accepted in whatever order the folder is read', () => {
    const files = [decision('0002-one-box.md', '2. One box'), decision('0001-the-log.md', '1. The log')];
    expect(decisionsRule(files)).toEqual([]);
  });

  it('are refused with a gap', () => {
    const files = [decision('0001-the-log.md', '1. The log'), decision('0003-one-box.md', '3. One box')];
    expect(printed(decisionsRule(files))).toEqual([expect.stringContaining('0002-<words>.md')]);
  });

  it('are refused with the same number twice', () => {
    const files = [decision('0001-a.md', '1. A'), decision('0001-b.md', '1. B')];
    expect(decisionsRule(files)).toHaveLength(1);
  });

  it('are refused with another title, a question left out, or a name without a number', () => {
    expect(decisionsRule([decision('0001-a.md', 'A')])).toHaveLength(1);
    expect(decisionsRule([decision('0001-a.md', '1. A', SECTIONS.slice(0, 5))])).toHaveLength(1);
    expect(decisionsRule([decision('template.md', '1. A')])).toHaveLength(1);
  });
});
