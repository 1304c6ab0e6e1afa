import { findingAt, type Finding, type SourceFile } from './source-file.ts';

/** A pattern that must not occur, and what to write instead. */
export interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** Which of a file's three texts is searched. */
export type SearchedText = 'text' | 'code' | 'uncommented';

/** Every place in the file where a ban is broken, in the order of the bans. */
export function breaches(file: SourceFile, searched: SearchedText, bans: readonly Ban[]): Finding[] {
  return bans.flatMap(({ pattern, instead }) =>
    [...file[searched].matchAll(new RegExp(pattern, `${pattern.flags}g`))].map((match) =>
      findingAt(file, match.index, instead),
    ),
  );
}
