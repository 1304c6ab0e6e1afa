/** A binary heap of (time, row number) in two plain arrays; ties go by what `compareIds` says of the rows. */
export class DueHeap {
  readonly #ats: number[] = [];
  readonly #nos: number[] = [];

  constructor(private readonly compareIds: (left: number, right: number) => number) {}

  /** The earliest time; Infinity when the heap is empty. */
  topAt(): number {
    return this.#ats[0] ?? Infinity;
  }

  /** The row that is due first, or -1. */
  topNo(): number {
    return this.#nos[0] ?? -1;
  }

  push(at: number, no: number): void {
    let index = this.#ats.length;
    this.#ats.push(at);
    this.#nos.push(no);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(at, no, parent)) break;
      this.#move(parent, index);
      index = parent;
    }
    this.#ats[index] = at;
    this.#nos[index] = no;
  }

  pop(): void {
    const at = this.#ats.pop();
    const no = this.#nos.pop();
    if (at === undefined || no === undefined || this.#ats.length === 0) return;
    let index = 0;
    for (;;) {
      const child = this.#smallerChild(index);
      if (child < 0 || this.#isBefore(at, no, child)) break;
      this.#move(child, index);
      index = child;
    }
    this.#ats[index] = at;
    this.#nos[index] = no;
  }

  #smallerChild(index: number): number {
    const left = index * 2 + 1;
    const right = left + 1;
    if (left >= this.#ats.length) return -1;
    if (right >= this.#ats.length) return left;
    return this.#isBefore(this.#ats[right] ?? 0, this.#nos[right] ?? 0, left) ? right : left;
  }

  #isBefore(at: number, no: number, index: number): boolean {
    const other = this.#ats[index] ?? Infinity;
    return at !== other ? at < other : this.compareIds(no, this.#nos[index] ?? 0) < 0;
  }

  #move(from: number, to: number): void {
    this.#ats[to] = this.#ats[from] ?? 0;
    this.#nos[to] = this.#nos[from] ?? 0;
  }
}
