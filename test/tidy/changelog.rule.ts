import type { Finding, SourceFile } from './source-file.ts';

const PATH = 'CHANGELOG.md';
const RELEASE = /^## \d+\.\d+\.\d+ \(\d{4}-\d{2}-\d{2}\)$/;
const ENTRY = /^- \[(?:CHANGE|FEATURE|FIX)\] \S/;

/** The changelog begins with what is not released yet, and every entry says which kind of change it is. */
export function changelogRule(tree: readonly SourceFile[]): Finding[] {
  const file = tree.find(({ path }) => path === PATH);
  if (file === undefined)
    return [{ path: PATH, line: 1, instead: 'is missing: begin it with "# Changelog"' }];
  const lines = file.text.split('\n');
  const sections = lines.flatMap((line, index) => (line.startsWith('## ') ? [index] : []));
  if (sections.length === 0)
    return [{ path: PATH, line: 1, instead: 'has no section: write "## Unreleased"' }];
  return lines.flatMap((line, index) => {
    const instead = fault(line, index, sections.indexOf(index));
    return instead === undefined ? [] : [{ path: PATH, line: index + 1, instead }];
  });
}

function fault(line: string, index: number, section: number): string | undefined {
  if (index === 0 && line !== '# Changelog') return 'begins without "# Changelog"';
  if (section === 0 && line !== '## Unreleased') return 'is the first section: call it "## Unreleased"';
  if (section > 0 && !RELEASE.test(line)) return 'is no release: write "## 1.2.3 (2027-01-31)"';
  if (/^[-*] /.test(line) && !ENTRY.test(line))
    return 'has no kind: begin with "- [CHANGE]", "- [FEATURE]" or "- [FIX]"';
  return undefined;
}
