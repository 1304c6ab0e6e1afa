/** One snapshot as it lies in the store, whole or torn. */
export interface StoredSnapshot {
  readonly offset: number;
  readonly pieces: Uint8Array[];
}

/** How many are kept of a partition. */
const KEPT = 3;

/** Where snapshots are kept, newest last. What was written by half stays, as it does on a disk. */
export class SnapshotStore {
  readonly #snapshots = new Map<number, StoredSnapshot[]>();
  /** Every snapshot that was ever begun; invariants begin at them again. */
  readonly all: { readonly partition: number; readonly snapshot: StoredSnapshot }[] = [];

  begin(partition: number, offset: number): StoredSnapshot {
    const snapshot = { offset, pieces: [] };
    const kept = [...(this.#snapshots.get(partition) ?? []), snapshot];
    this.#snapshots.set(partition, kept.slice(-KEPT));
    this.all.push({ partition, snapshot });
    return snapshot;
  }

  lose(partition: number, lost: StoredSnapshot): void {
    const kept = this.#snapshots.get(partition) ?? [];
    this.#snapshots.set(
      partition,
      kept.filter((snapshot) => snapshot !== lost),
    );
  }

  newestFirst(partition: number): StoredSnapshot[] {
    return [...(this.#snapshots.get(partition) ?? [])].reverse();
  }
}
