import path from 'node:path';
import { DataFolderBusyError, lockPart } from '../data-folder/data-folder.ts';
import { takeLock } from '../data-folder/lock-token.ts';

/** What keeps two processes from one database, however each of them came to it. */
export class ServerLock {
  readonly #releases: (() => void)[] = [];

  /** Throws `DataFolderBusyError` when another process has this data folder's database. */
  constructor(readonly dataFolder: string) {
    this.#releases.push(lockPart(dataFolder, 'postgres-lock').release);
  }

  /**
   * The cluster too, where it lies outside: a copy of the data folder points to the same one, and a second starter would
   * take the first one's server for one that was left behind, and end it.
   */
  addCluster(clusterFolder: string): void {
    if (path.dirname(clusterFolder) === this.dataFolder) return;
    const answer = takeLock(`${clusterFolder}-lock`);
    if (!answer.taken) {
      throw new DataFolderBusyError(
        `The database in ${clusterFolder} is in use by process ${answer.holder} from another data folder, which is a copy of ${this.dataFolder} or its original; stop that one first, or set HOLTER_DATA_DIR to an empty folder.`,
      );
    }
    this.#releases.push(answer.release);
  }

  release(): void {
    for (const release of this.#releases.splice(0)) release();
  }
}
