import { Random } from './random.ts';

interface Entry {
  readonly at: number;
  readonly tie: number;
  readonly action: () => void;
}

/** What happens when: one thread, true time, and chance from the seed wherever two things happen at the same instant. */
export class Engine {
  nowAt: number;
  readonly #heap: Entry[] = [];
  readonly #ties: Random;

  constructor(startAt: number, seed: number) {
    this.nowAt = startAt;
    this.#ties = new Random(seed ^ 0x5bd1e995);
  }

  after(ms: number, action: () => void): void {
    this.at(this.nowAt + ms, action);
  }

  at(instant: number, action: () => void): void {
    const entry = { at: Math.max(instant, this.nowAt), tie: this.#ties.next(), action };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  /** Lets everything happen that is due until then, the last instant included. */
  runUntil(untilAt: number): void {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.at > untilAt) break;
      this.#pop();
      this.nowAt = next.at;
      next.action();
    }
    this.nowAt = untilAt;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const leftIndex = index * 2 + 1;
      const left = heap[leftIndex];
      if (left === undefined) break;
      const right = heap[leftIndex + 1];
      const childIndex = right !== undefined && isBefore(right, left) ? leftIndex + 1 : leftIndex;
      const child = heap[childIndex] ?? left;
      if (!isBefore(child, last)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = last;
  }
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.at === right.at ? left.tie < right.tie : left.at < right.at;
}

/**
 * Something that runs, stands still, dies and starts again. What it planned dies with it; what comes due while it stands
 * still happens when it goes on.
 */
export class Process {
  running = false;
  pausedUntilAt = 0;
  begunAt = 0;
  #life = 0;

  constructor(readonly engine: Engine) {}

  get awake(): boolean {
    return this.running && this.engine.nowAt >= this.pausedUntilAt;
  }

  begin(): void {
    this.running = true;
    this.begunAt = this.engine.nowAt;
    this.pausedUntilAt = 0;
    this.#life += 1;
  }

  end(): void {
    this.running = false;
    this.#life += 1;
  }

  later(ms: number, action: () => void): void {
    const life = this.#life;
    this.engine.after(ms, () => this.#wake(life, action));
  }

  /** Makes a callback that is dropped when this process is another by then. */
  guarded<T>(action: (value: T) => void): (value: T) => void {
    const life = this.#life;
    return (value) => this.#wake(life, () => action(value));
  }

  #wake(life: number, action: () => void): void {
    if (life !== this.#life || !this.running) return;
    if (this.engine.nowAt < this.pausedUntilAt) {
      this.engine.at(this.pausedUntilAt, () => this.#wake(life, action));
    } else action();
  }
}
