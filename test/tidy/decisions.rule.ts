import type { Finding, SourceFile } from './source-file.ts';

const FOLDER = 'docs/adr/';
const NAME = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md$/;
const SECTIONS = [
  'Status',
  'Context',
  'Options',
  'Decision',
  'Consequences',
  'How we would know it was wrong',
];

/** Decisions are numbered from 0001 without gaps, and each answers the same six questions. */
export function decisionsRule(tree: readonly SourceFile[]): Finding[] {
  const decisions = tree
    .filter(({ path }) => path.startsWith(FOLDER))
    .sort((left, right) => (left.path < right.path ? -1 : 1));
  return decisions.flatMap((file, index) => {
    const expected = String(index + 1).padStart(4, '0');
    const number = NAME.exec(file.path.slice(FOLDER.length))?.[1];
    if (number !== expected)
      return [{ path: file.path, line: 1, instead: `is out of order: name it ${expected}-<words>.md` }];
    return faultsOf(file, index + 1);
  });
}

function faultsOf({ path, text }: SourceFile, number: number): Finding[] {
  const title = text.startsWith(`# ${number}. `)
    ? []
    : [{ path, line: 1, instead: `begins without its title: "# ${number}. <what was decided>"` }];
  const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
  const complete = headings.join('|') === SECTIONS.join('|');
  return complete
    ? title
    : [
        ...title,
        {
          path,
          line: 1,
          instead: `has other sections than ${SECTIONS.join(', ')}: use these, in this order`,
        },
      ];
}
