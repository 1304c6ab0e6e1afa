import { maskLiterals } from './mask-literals.ts';

/** A text file of the repository as the rules see it; rules are functions from these to findings, so samples test them. */
export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and the content of literals blanked; same length, same lines. */
  readonly code: string;
  /** The text with comments blanked; literals stay. */
  readonly uncommented: string;
}

/** One breach of a rule: where, and what to write instead. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly instead: string;
}

/** Makes a source file, masked when a rule first asks for that: most files are only looked at as text. */
export function sourceFile(path: string, text: string): SourceFile {
  let masked: ReturnType<typeof maskLiterals> | undefined;
  const lookUp = (): ReturnType<typeof maskLiterals> => (masked ??= maskLiterals(text));
  return {
    path,
    text,
    get code() {
      return lookUp().code;
    },
    get uncommented() {
      return lookUp().uncommented;
    },
  };
}

/** A finding at a character of the file. */
export function findingAt(file: SourceFile, index: number, instead: string): Finding {
  return { path: file.path, line: lineAt(file.text, index), instead };
}

/** Findings as they are printed; the empty list is what a rule wants to see. */
export function printed(findings: readonly Finding[]): string[] {
  return findings.map(({ path, line, instead }) => `${path}:${line} ${instead}`);
}

/** Product source: what runs at a user's, in contrast to what proves it. */
export function isProduct({ path }: SourceFile): boolean {
  return /^(?:apps|libs)\/.*\.ts$/.test(path) && !path.startsWith('libs/testing/') && !isTest(path);
}

/** A file that only Jest runs. */
export function isTest(path: string): boolean {
  return /\.(?:spec|contract)\.ts$/.test(path);
}

/** Any file that a JavaScript engine could run. */
export function isScript({ path }: SourceFile): boolean {
  return /\.(?:ts|mjs)$/.test(path);
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
