import { DueHeap } from './due-heap.ts';
import { RowPages } from './row-pages.ts';

/** Finer than any watermark: a tick only says which bucket is emptied together, never when something is due. */
const TICK_MS = 128;
const SLOT_BITS = 8;
const SLOTS = 1 << SLOT_BITS;
const LEVELS = 4;

// One row of links for each check: when it is filed, its neighbours in the bucket, the bucket.
const FILED_AT = 0;
const NEXT = 8;
const PREVIOUS = 12;
const BUCKET = 16;
const LINK_BYTES = 18;

const NOWHERE = -1;
const IN_HEAP = -2;
const NONE = -1;

/**
 * One timer for each row number in a wheel of four levels (32 s, 2.3 h, 25 d, 17 years). Lazy: a ping moves a deadline
 * nearly always to later, so its caller leaves the entry where it is, and files the row again when it comes up early.
 * What the clock has reached lies in a heap, ordered by time and then by the check's id, so the structure never shows.
 */
export class TimingWheel {
  readonly #links = new RowPages(LINK_BYTES);
  readonly #heads = new Int32Array(LEVELS * SLOTS).fill(NONE);
  readonly #counts = new Int32Array(LEVELS);
  readonly #due: DueHeap;
  /** All ticks up to this one have been emptied. */
  #tick = 0;

  /** `compareIds` orders rows that are due at the same instant. */
  constructor(compareIds: (left: number, right: number) => number) {
    this.#due = new DueHeap(compareIds);
  }

  get heldBytes(): number {
    return this.#links.heldBytes;
  }

  /** Makes a new row's entry; the bytes may be another's that was removed. */
  begin(no: number): void {
    const page = this.#links.pageOf(no);
    const offset = this.#links.offsetOf(no);
    page.setFloat64(offset + FILED_AT, NOWHERE);
    page.setInt16(offset + BUCKET, NOWHERE);
  }

  /** When the row's timer comes up; -1 when none is filed. */
  filedAt(no: number): number {
    return this.#links.pageOf(no).getFloat64(this.#links.offsetOf(no) + FILED_AT);
  }

  /** Files the row's one timer; an older one is taken out. */
  file(no: number, at: number): void {
    this.cancel(no);
    const page = this.#links.pageOf(no);
    page.setFloat64(this.#links.offsetOf(no) + FILED_AT, at);
    this.#place(no, at);
  }

  /** Takes the row's timer out, if there is one. An entry of the heap is only forgotten: it is stale when it comes up. */
  cancel(no: number): void {
    const page = this.#links.pageOf(no);
    const offset = this.#links.offsetOf(no);
    if (page.getInt16(offset + BUCKET) >= 0) this.#unlink(page, offset);
    page.setFloat64(offset + FILED_AT, NOWHERE);
    page.setInt16(offset + BUCKET, NOWHERE);
  }

  /** Brings everything that is due before `toAt` (and perhaps a little more) to where `nextDue` finds it. */
  advance(toAt: number): void {
    const target = Math.floor(toAt / TICK_MS);
    while (this.#tick < target) {
      this.#tick = this.#nextBusyTick(target);
      this.#cascade();
      this.#empty(this.#tick % SLOTS);
    }
  }

  /** The row whose timer is the earliest before `beforeAt`, or -1; `file`, `cancel` or `take` it before asking again. */
  nextDue(beforeAt: number): number {
    for (;;) {
      const no = this.#due.topNo();
      if (no < 0 || this.#due.topAt() >= beforeAt) return NONE;
      if (this.filedAt(no) === this.#due.topAt()) return no;
      this.#due.pop();
    }
  }

  /** Takes the timer that `nextDue` answered, and says when it was due. */
  take(no: number): number {
    const at = this.filedAt(no);
    this.#due.pop();
    this.cancel(no);
    return at;
  }

  /** The next tick at which a bucket may have something, found without walking through empty ones. */
  #nextBusyTick(target: number): number {
    let stride = 1;
    for (let level = 0; level < LEVELS; level += 1) {
      if ((this.#counts[level] ?? 0) > 0)
        return Math.min(target, (Math.floor(this.#tick / stride) + 1) * stride);
      stride *= SLOTS;
    }
    return target;
  }

  /** At the begin of a coarser slot its entries are filed again, one level finer. */
  #cascade(): void {
    let stride = SLOTS;
    for (let level = 1; level < LEVELS && this.#tick % stride === 0; level += 1) {
      const slot = Math.floor(this.#tick / stride) % SLOTS;
      this.#refile(level * SLOTS + slot);
      stride *= SLOTS;
    }
  }

  #empty(slot: number): void {
    if ((this.#heads[slot] ?? NONE) !== NONE) this.#refile(slot);
  }

  #refile(bucket: number): void {
    let no = this.#heads[bucket] ?? NONE;
    this.#heads[bucket] = NONE;
    while (no !== NONE) {
      const page = this.#links.pageOf(no);
      const offset = this.#links.offsetOf(no);
      const next = page.getInt32(offset + NEXT);
      this.#count(bucket, -1);
      this.#place(no, page.getFloat64(offset + FILED_AT));
      no = next;
    }
  }

  #place(no: number, at: number): void {
    const page = this.#links.pageOf(no);
    const offset = this.#links.offsetOf(no);
    const tick = Math.floor(at / TICK_MS);
    if (tick <= this.#tick) {
      page.setInt16(offset + BUCKET, IN_HEAP);
      this.#due.push(at, no);
      return;
    }
    const bucket = this.#bucketOf(tick);
    const head = this.#heads[bucket] ?? NONE;
    page.setInt16(offset + BUCKET, bucket);
    page.setInt32(offset + NEXT, head);
    page.setInt32(offset + PREVIOUS, NONE);
    if (head !== NONE) this.#links.pageOf(head).setInt32(this.#links.offsetOf(head) + PREVIOUS, no);
    this.#heads[bucket] = no;
    this.#count(bucket, 1);
  }

  #bucketOf(tick: number): number {
    let stride = 1;
    for (let level = 0; level < LEVELS; level += 1) {
      const slots = Math.floor(tick / stride) - Math.floor(this.#tick / stride);
      if (slots < SLOTS) return level * SLOTS + (Math.floor(tick / stride) % SLOTS);
      stride *= SLOTS;
    }
    // Farther than 17 years: it is filed again when the farthest slot comes up.
    const farthest = Math.floor(this.#tick / (stride / SLOTS)) + SLOTS - 1;
    return (LEVELS - 1) * SLOTS + (farthest % SLOTS);
  }

  #unlink(page: DataView, offset: number): void {
    const bucket = page.getInt16(offset + BUCKET);
    const next = page.getInt32(offset + NEXT);
    const previous = page.getInt32(offset + PREVIOUS);
    if (next !== NONE) this.#links.pageOf(next).setInt32(this.#links.offsetOf(next) + PREVIOUS, previous);
    if (previous !== NONE) this.#links.pageOf(previous).setInt32(this.#links.offsetOf(previous) + NEXT, next);
    else this.#heads[bucket] = next;
    this.#count(bucket, -1);
  }

  #count(bucket: number, by: number): void {
    const level = bucket >> SLOT_BITS;
    this.#counts[level] = (this.#counts[level] ?? 0) + by;
  }
}
