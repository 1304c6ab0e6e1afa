import { CHECK_ID_BYTES } from './check-id.ts';
import type { RowPages } from './row-pages.ts';

const SMALLEST_CAPACITY = 64;
/** Filled up to three quarters a search by linear probing looks at 2.5 places on average. */
const FULL = 0.75;

/**
 * Finds a row by its check's id: open addressing in one typed array that holds row numbers + 1 (0: empty). The ids are
 * read from the rows themselves, so a place costs four bytes. Deleting moves later entries up; nothing is left behind.
 */
export class IdIndex {
  #places = new Int32Array(SMALLEST_CAPACITY);
  #size = 0;

  constructor(private readonly rows: RowPages) {}

  get size(): number {
    return this.#size;
  }

  get heldBytes(): number {
    return this.#places.byteLength;
  }

  /** The row of this id, or -1. */
  find(id: DataView): number {
    const places = this.#places;
    let place = this.#homeOf(id, 0);
    for (;;) {
      const entry = places[place] ?? 0;
      if (entry === 0) return -1;
      if (this.#isAt(entry - 1, id)) return entry - 1;
      place = place + 1 === places.length ? 0 : place + 1;
    }
  }

  /** Adds a row whose id is not in yet. */
  add(no: number): void {
    if (this.#size + 1 > this.#places.length * FULL) this.#growTo(Math.floor(this.#places.length * 1.5));
    this.#put(no);
    this.#size += 1;
  }

  remove(no: number): void {
    const places = this.#places;
    let hole = this.#homeOf(this.rows.pageOf(no), this.rows.offsetOf(no));
    while (places[hole] !== no + 1) hole = hole + 1 === places.length ? 0 : hole + 1;
    let place = hole;
    for (;;) {
      place = place + 1 === places.length ? 0 : place + 1;
      const entry = places[place] ?? 0;
      if (entry === 0) break;
      const home = this.#homeOf(this.rows.pageOf(entry - 1), this.rows.offsetOf(entry - 1));
      // Whose home lies cyclically after the hole must stay, or it could not be found any more.
      const stays = hole < place ? home > hole && home <= place : home > hole || home <= place;
      if (stays) continue;
      places[hole] = entry;
      hole = place;
    }
    places[hole] = 0;
    this.#size -= 1;
  }

  /** Makes room at once for so many, as when a snapshot is read. */
  reserve(size: number): void {
    if (size > this.#places.length * FULL) this.#growTo(Math.ceil(size / FULL) + 1);
  }

  #growTo(capacity: number): void {
    const old = this.#places;
    this.#places = new Int32Array(capacity);
    for (const entry of old) if (entry !== 0) this.#put(entry - 1);
  }

  #put(no: number): void {
    const places = this.#places;
    let place = this.#homeOf(this.rows.pageOf(no), this.rows.offsetOf(no));
    while (places[place] !== 0) place = place + 1 === places.length ? 0 : place + 1;
    places[place] = no + 1;
  }

  /** From all four words, because the first decides the partition and so is nearly the same for all. */
  #homeOf(view: DataView, offset: number): number {
    let mixed = Math.imul(view.getInt32(offset) ^ view.getInt32(offset + 4), 0x9e3779b1);
    mixed = Math.imul(mixed ^ (mixed >>> 15) ^ view.getInt32(offset + 8), 0x85ebca77);
    mixed = Math.imul(mixed ^ (mixed >>> 13) ^ view.getInt32(offset + 12), 0xc2b2ae3d);
    mixed ^= mixed >>> 16;
    return Math.floor(((mixed >>> 0) / 4_294_967_296) * this.#places.length);
  }

  #isAt(no: number, id: DataView): boolean {
    const page = this.rows.pageOf(no);
    const offset = this.rows.offsetOf(no);
    for (let word = 0; word < CHECK_ID_BYTES; word += 4) {
      if (page.getInt32(offset + word) !== id.getInt32(word)) return false;
    }
    return true;
  }
}
