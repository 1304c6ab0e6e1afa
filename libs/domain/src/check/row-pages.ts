/** Rows of one size in pages, so that growing never copies what is there and a snapshot can be cut at pages. */
const PAGE_BITS = 12;
const ROWS_PER_PAGE = 1 << PAGE_BITS;

/** Fixed-size rows by number; a row's page never moves, so a view of it stays good while the rows live. */
export class RowPages {
  readonly #pages: DataView[] = [];

  constructor(readonly rowBytes: number) {}

  /** The page that holds a row; made when it is asked for first, filled with zeros. */
  pageOf(no: number): DataView {
    const index = no >> PAGE_BITS;
    while (this.#pages.length <= index) {
      this.#pages.push(new DataView(new ArrayBuffer(this.rowBytes * ROWS_PER_PAGE)));
    }
    const page = this.#pages[index];
    if (page === undefined) throw new Error(`Bug: row ${no} has no page`);
    return page;
  }

  /** Where a row begins in its page. */
  offsetOf(no: number): number {
    return (no & (ROWS_PER_PAGE - 1)) * this.rowBytes;
  }

  /** The bytes of one row. */
  bytesOf(no: number): Uint8Array {
    const page = this.pageOf(no);
    return new Uint8Array(page.buffer, this.offsetOf(no), this.rowBytes);
  }

  /** The first `rows` rows as pieces of at most one page, without copying. */
  *pieces(rows: number): Generator<Uint8Array> {
    for (let from = 0; from < rows; from += ROWS_PER_PAGE) {
      const page = this.pageOf(from);
      yield new Uint8Array(page.buffer, 0, Math.min(rows - from, ROWS_PER_PAGE) * this.rowBytes);
    }
  }

  /** Bytes held, used or not. */
  get heldBytes(): number {
    return this.#pages.length * this.rowBytes * ROWS_PER_PAGE;
  }
}
