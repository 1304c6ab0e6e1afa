import { CHECK_ID_BYTES } from './check-id.ts';
import { isEmptyMemory, newMemory, type CheckMemory } from './check-memory.ts';
import { InternedTexts } from './interned-texts.ts';
import { RowPages } from './row-pages.ts';
import type { RuleSwitches } from './rule-switches.ts';
import { RulesTable } from './rules-table.ts';
import { TimingWheel } from './timing-wheel.ts';

/** Where the checks of a partition keep what they are: rows of bytes, what they share, and what only a few need. */
export class CheckStore {
  readonly rows: RowPages;
  readonly rules: RulesTable;
  readonly projects = new InternedTexts();
  readonly memories = new Map<number, CheckMemory>();
  readonly timers = new TimingWheel((left, right) => this.compareIds(left, right));

  constructor(rowBytes: number, zones: string, switches: RuleSwitches) {
    this.rows = new RowPages(rowBytes);
    this.rules = new RulesTable(zones, switches);
  }

  /** What is remembered of a check, made if there is nothing yet. */
  remember(no: number): CheckMemory {
    const known = this.memories.get(no);
    if (known !== undefined) return known;
    const memory = newMemory();
    this.memories.set(no, memory);
    return memory;
  }

  /** Lets go of a memory in which nothing is left, or of `all` that is in it; false when something is kept. */
  forget(no: number, all: boolean): boolean {
    const memory = this.memories.get(no);
    if (!all && memory !== undefined && !isEmptyMemory(memory)) return false;
    this.memories.delete(no);
    return true;
  }

  /** Which of two rows comes first by its check's id, which stands at the row's begin. */
  compareIds(left: number, right: number): number {
    const leftPage = this.rows.pageOf(left);
    const rightPage = this.rows.pageOf(right);
    const leftOffset = this.rows.offsetOf(left);
    const rightOffset = this.rows.offsetOf(right);
    for (let word = 0; word < CHECK_ID_BYTES; word += 4) {
      const difference = leftPage.getUint32(leftOffset + word) - rightPage.getUint32(rightOffset + word);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
