/** How a snapshot is put together of pieces: a byte for what it is, four for its length, and its body. */
const KINDS = ['header', 'memories', 'pings', 'orphans', 'rows', 'end'] as const;
export type PieceKind = (typeof KINDS)[number];

const HEAD_BYTES = 5;
export const HASH_BYTES = 32;

/** A SHA-256 as it is being made; the caller brings it, because the domain has none of its own. */
export interface Hash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}
export type NewHash = () => Hash;

/** What stands before a body of this kind and length. */
export function headOf(kind: PieceKind, length: number): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, KINDS.indexOf(kind) + 1);
  view.setUint32(1, length);
  return bytes;
}

/** The pieces that bytes consist of; those that are cut off at the end are left out. */
export function piecesOf(bytes: Uint8Array): { kind: PieceKind; whole: Uint8Array; body: Uint8Array }[] {
  const pieces: { kind: PieceKind; whole: Uint8Array; body: Uint8Array }[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + HEAD_BYTES <= bytes.length) {
    const kind = KINDS[view.getUint8(at) - 1];
    const end = at + HEAD_BYTES + view.getUint32(at + 1);
    if (kind === undefined || end > bytes.length) break;
    pieces.push({ kind, whole: bytes.subarray(at, end), body: bytes.subarray(at + HEAD_BYTES, end) });
    at = end;
  }
  return pieces;
}

export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((length, one) => length + one.length, 0));
  let at = 0;
  for (const one of pieces) {
    bytes.set(one, at);
    at += one.length;
  }
  return bytes;
}
