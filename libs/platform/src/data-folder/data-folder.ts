import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { errorCode } from '../error-code.ts';
import { takeLock } from './lock-token.ts';

export { readOrCreateSecret, writeWhole } from './secret-file.ts';

/** A folder that this process cannot have; the message names it, and who has it. */
export class DataFolderBusyError extends Error {
  override readonly name = 'DataFolderBusyError';
}

/**
 * Takes a folder for this process, creating it (readable by us alone) if need be. A lock whose holder is gone
 * (kill -9, a restarted container in which everybody is process 1) is taken over; of any number of processes that start
 * at once, one wins. Throws `DataFolderBusyError` otherwise. Releasing is at once, so that it can be done on `exit`.
 */
export function lockDataFolder(folder: string): { release: () => void } {
  return lockPart(folder, 'lock');
}

/** As `lockDataFolder`, for one part of what is in the folder. */
export function lockPart(folder: string, name: string): { release: () => void } {
  makeDataFolder(folder);
  const answer = orUnusable(folder, () => takeLock(path.join(folder, name)));
  if (answer.taken) return { release: answer.release };
  throw new DataFolderBusyError(
    `The data folder ${folder} is in use by process ${answer.holder}; stop that one first, or set HOLTER_DATA_DIR to another folder.`,
  );
}

/** Creates the folder, readable by us alone, if it is not there. */
export function makeDataFolder(folder: string): void {
  orUnusable(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
}

/** What goes wrong with the folder, as a sentence that says what to do. */
function orUnusable<Result>(folder: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    throw new DataFolderBusyError(
      `The data folder ${folder} cannot be written (${code}); start as the user whom it belongs to, or set HOLTER_DATA_DIR to another folder.`,
      { cause: error },
    );
  }
}
