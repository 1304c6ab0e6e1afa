import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './tree.ts';

/** One complaint of oxlint. */
export interface Complaint {
  /** As in the configuration: `max-params`, `typescript/no-explicit-any`. */
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  /** What the rule says to do instead; empty when it says nothing. */
  readonly help: string;
}

interface Report {
  readonly diagnostics: readonly {
    /** None when the file cannot be parsed. */
    readonly code?: string;
    readonly filename: string;
    readonly help?: string;
    readonly labels: readonly { readonly span: { readonly line: number } }[];
  }[];
}

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: 'es2022',
    module: 'nodenext',
    types: [],
    allowImportingTsExtensions: true,
    noEmit: true,
  },
};

/** What our configuration says to these files, laid out as in the repository but somewhere else. */
export function runOxlint(files: Readonly<Record<string, string>>): Complaint[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'holter-tidy-'));
  try {
    cpSync(path.join(ROOT, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
    mkdirSync(path.join(folder, 'node_modules'));
    // oxlint looks here for its type-aware half.
    symlinkSync(path.join(ROOT, 'node_modules/.bin'), path.join(folder, 'node_modules/.bin'));
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    return complaintsIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function complaintsIn(folder: string): Complaint[] {
  const oxlint = path.join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '--format', 'json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (!stdout.startsWith('{')) throw new Error(`oxlint did not run: ${stdout}${stderr}`);
  const report = JSON.parse(stdout) as Report;
  return report.diagnostics.map(({ code, filename, help, labels }) => ({
    rule: ruleName(code),
    path: filename,
    line: labels[0]?.span.line ?? 0,
    help: help ?? '',
  }));
}

function ruleName(code: string | undefined): string {
  const [, plugin = '', rule = ''] = /^(.+)\((.+)\)$/.exec(code ?? 'eslint(syntax)') ?? [];
  return plugin === 'eslint' ? rule : `${plugin}/${rule}`;
}
