import { assert } from '../assert.ts';
import { CHECK_ID_BYTES, readCheckId } from './check-id.ts';
import { CHECK_ROW_BYTES } from './check-row-layout.ts';
import { CheckRow } from './check-row.ts';
import { CheckStore } from './check-store.ts';
import type { CheckDefinition } from './definition.ts';
import { IdIndex } from './id-index.ts';
import type { RuleSwitches } from './rule-switches.ts';

/** The checks of a partition: one row of bytes each, found by id, and beside them what only a few of them need. */
export class CheckTable {
  readonly store: CheckStore;
  readonly #index: IdIndex;
  readonly #wanted = new Uint8Array(CHECK_ID_BYTES);
  readonly #wantedView = new DataView(this.#wanted.buffer);
  #used = 0;
  #free: number[] = [];

  constructor(zones: string, switches: RuleSwitches) {
    this.store = new CheckStore(CHECK_ROW_BYTES, zones, switches);
    this.#index = new IdIndex(this.store.rows);
  }

  get size(): number {
    return this.#index.size;
  }

  /** Bytes held by typed arrays, of which a snapshot keeps the rows. */
  get heldBytes(): number {
    return this.store.rows.heldBytes + this.store.timers.heldBytes + this.#index.heldBytes;
  }

  get(checkId: string): CheckRow | undefined {
    if (!readCheckId(checkId, this.#wantedView)) return undefined;
    const no = this.#index.find(this.#wantedView);
    return no < 0 ? undefined : new CheckRow(this.store, no);
  }

  has(checkId: string): boolean {
    return readCheckId(checkId, this.#wantedView) && this.#index.find(this.#wantedView) >= 0;
  }

  at(no: number): CheckRow {
    return new CheckRow(this.store, no);
  }

  /** Makes a check's row, as new: nothing is expected of it before its first ping. Null: its id or schedule is unusable. */
  create(definition: CheckDefinition): CheckRow | null {
    if (!readCheckId(definition.checkId, this.#wantedView)) return null;
    const rulesNo = this.store.rules.take(definition);
    if (rulesNo === null) return null;
    const no = this.#free.pop() ?? this.#used++;
    this.store.rows.bytesOf(no).fill(0).set(this.#wanted);
    this.#index.add(no);
    this.store.timers.begin(no);
    const check = new CheckRow(this.store, no);
    check.rulesNo = rulesNo;
    check.projectNo = this.store.projects.take(definition.projectId);
    check.configVersion = definition.configVersion;
    check.expectedAt = null;
    check.deadlineAt = null;
    check.lastReportAt = null;
    check.lastPingOffset = null;
    check.downSinceAt = null;
    check.lastDurationMs = null;
    return check;
  }

  /** Gives a check another version of its rules; false when its schedule cannot be watched. */
  redefine(check: CheckRow, definition: CheckDefinition): boolean {
    const rulesNo = this.store.rules.take(definition);
    if (rulesNo === null) return false;
    this.store.rules.drop(check.rulesNo);
    check.rulesNo = rulesNo;
    const projectNo = this.store.projects.take(definition.projectId);
    this.store.projects.drop(check.projectNo);
    check.projectNo = projectNo;
    check.configVersion = definition.configVersion;
    return true;
  }

  remove(check: CheckRow): void {
    const { no } = check;
    this.store.timers.cancel(no);
    this.store.rules.drop(check.rulesNo);
    this.store.projects.drop(check.projectNo);
    this.store.memories.delete(no);
    this.#index.remove(no);
    // The row becomes zeros, so that what was removed leaves nothing in a snapshot.
    this.store.rows.bytesOf(no).fill(0);
    this.#free.push(no);
  }

  /** Every check, by id, so that the order of configuration never shows in the numbers. */
  inOrder(): CheckRow[] {
    const free = new Set(this.#free);
    const nos: number[] = [];
    for (let no = 0; no < this.#used; no += 1) if (!free.has(no)) nos.push(no);
    return nos
      .sort((left, right) => this.store.compareIds(left, right))
      .map((no) => new CheckRow(this.store, no));
  }

  /** How many rows a snapshot has to keep, and which of them are free. */
  stored(): { readonly used: number; readonly free: readonly number[] } {
    return { used: this.#used, free: this.#free };
  }

  /** Before the rows of a snapshot are found again one by one with `restoreRow`. */
  restore({ used, free }: { readonly used: number; readonly free: readonly number[] }): void {
    assert(this.#used === 0, 'a snapshot is read into an empty table');
    this.#used = used;
    this.#free = [...free];
    this.#index.reserve(used - free.length);
  }

  /** Finds a row again whose bytes were read from a snapshot. */
  restoreRow(no: number): void {
    this.#index.add(no);
    this.store.timers.begin(no);
  }
}
