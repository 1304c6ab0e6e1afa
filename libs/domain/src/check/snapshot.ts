import { assert } from '../assert.ts';
import { rearm } from './expectation.ts';
import type { CheckMemory } from './check-memory.ts';
import { CHECK_ROW_BYTES } from './check-row-layout.ts';
import { newPartitionState, type BufferedPing, type PartitionState } from './partition-state.ts';
import { ALL_RULES, type RuleSwitches } from './rule-switches.ts';
import { HASH_BYTES, headOf, joinPieces, piecesOf, type NewHash, type PieceKind } from './snapshot-bytes.ts';

/**
 * The state of a partition as bytes: a header, what only some checks need, then the checks' rows as they are, and in
 * the end the SHA-256 of all that. The same log gives the same bytes, so equal states can be told by their digests.
 * Timers are not in it; they follow from the rest.
 */
export const SNAPSHOT_FORMAT = 1;

/** So many entries or rows make one piece; each takes well under 5 ms, so that others get their turn between them. */
const ENTRIES_PER_PIECE = 200;
const ROWS_PER_STEP = 1_024;

type Header = ReturnType<typeof headerOf>;

function headerOf(state: PartitionState) {
  const { partition, nextOffset, clockAt, newestPingAt, heardUntilAt, oseq, tz, rules } = state;
  return {
    format: SNAPSHOT_FORMAT,
    rowBytes: CHECK_ROW_BYTES,
    partition,
    nextOffset,
    clockAt,
    newestPingAt,
    heardUntilAt,
    oseq,
    tz,
    rules,
    softHoles: state.softHoles,
    joined: [...state.joined],
    listened: state.listened,
    produced: [...state.produced].map(([producer, epochs]) => [producer, [...epochs]] as const),
    changes: state.changes,
    massSilence: state.massSilence,
    ruleTable: state.checks.store.rules.stored(),
    projects: state.checks.store.projects.stored(),
    rows: state.checks.stored(),
  };
}

/**
 * Encodes a state piece by piece. Nothing may be folded into it until the last piece was taken and
 * kept: pieces may be views of what is there.
 */
export function* encodeSnapshot(state: PartitionState, newHash: NewHash): Generator<Uint8Array> {
  const { nextOffset } = state;
  const hash = newHash();
  for (const bytes of unhashed(state)) {
    assert(state.nextOffset === nextOffset, 'nothing is folded into a state while it is encoded');
    hash.update(bytes);
    yield bytes;
  }
  yield* piece('end', hash.digest());
}

function* unhashed(state: PartitionState): Generator<Uint8Array> {
  yield* json('header', headerOf(state));
  yield* list('memories', [...state.checks.store.memories]);
  yield* list('pings', state.pings);
  yield* list('orphans', state.orphans);
  for (const rows of state.checks.store.rows.pieces(state.checks.stored().used)) yield* piece('rows', rows);
}

function* list(kind: 'memories' | 'pings' | 'orphans', entries: readonly unknown[]): Generator<Uint8Array> {
  for (let from = 0; from < entries.length; from += ENTRIES_PER_PIECE) {
    yield* json(kind, entries.slice(from, from + ENTRIES_PER_PIECE));
  }
}

function json(kind: PieceKind, value: unknown): Generator<Uint8Array> {
  return piece(kind, new TextEncoder().encode(JSON.stringify(value)));
}

/** A piece is its head and then its body as it is, for copying a million rows costs more than all the rest. */
function* piece(kind: PieceKind, body: Uint8Array): Generator<Uint8Array> {
  yield headOf(kind, body.length);
  yield body;
}

/** The SHA-256 of a state, in hex: two folds of the same log have the same, wherever they began. */
export function digestOf(state: PartitionState, newHash: NewHash): string {
  const hash = newHash();
  for (const bytes of unhashed(state)) hash.update(bytes);
  return [...hash.digest()].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Why bytes are no snapshot that can be gone on from: an older one, or the log's beginning, must do. */
export type Undecodable = 'cut_off' | 'wrong_hash' | 'unknown_format';

export type DecodedSnapshot =
  | { readonly ok: true; readonly state: PartitionState }
  | { readonly ok: false; readonly reason: Undecodable };

/** Decodes in steps of a few milliseconds; what it returns in the end is the state, or why there is none. */
export function* decodeSnapshotInSteps(
  bytes: Uint8Array,
  newHash: NewHash,
  switches: RuleSwitches = ALL_RULES,
): Generator<undefined, DecodedSnapshot> {
  const hash = newHash();
  const pieces = piecesOf(bytes);
  const end = pieces.at(-1);
  if (end === undefined || end.kind !== 'end' || end.body.length !== HASH_BYTES) {
    return { ok: false, reason: 'cut_off' };
  }
  for (const { kind, whole } of pieces) {
    if (kind !== 'end') hash.update(whole);
    yield;
  }
  const digest = hash.digest();
  if (end.body.some((byte, index) => byte !== digest[index])) return { ok: false, reason: 'wrong_hash' };
  const header: Header | null = pieces[0]?.kind === 'header' ? parse(pieces[0].body) : null;
  if (header?.format !== SNAPSHOT_FORMAT || header.rowBytes !== CHECK_ROW_BYTES) {
    return { ok: false, reason: 'unknown_format' };
  }
  const state = begin(header, switches);
  let row = 0;
  for (const { kind, body } of pieces) {
    if (kind === 'rows') row += restoreRows(state, row, body);
    else if (kind === 'memories')
      for (const [no, memory] of parse(body)) state.checks.store.memories.set(no, memory);
    else if (kind === 'pings') state.pings.push(...parse<BufferedPing[]>(body));
    else if (kind === 'orphans') state.orphans.push(...parse<BufferedPing[]>(body));
    yield;
  }
  yield* findAgain(state, header);
  return { ok: true, state };
}

/** Decodes at once. */
export function decodeSnapshot(
  bytes: Uint8Array,
  newHash: NewHash,
  switches: RuleSwitches = ALL_RULES,
): DecodedSnapshot {
  const steps = decodeSnapshotInSteps(bytes, newHash, switches);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** A whole snapshot in one array, for whoever keeps it so. */
export function snapshotBytes(state: PartitionState, newHash: NewHash): Uint8Array {
  return joinPieces([...encodeSnapshot(state, newHash)]);
}

function begin(header: Header, switches: RuleSwitches): PartitionState {
  const state = newPartitionState(header.partition, switches);
  const { nextOffset, clockAt, newestPingAt, heardUntilAt, oseq, tz, rules } = header;
  Object.assign(state, { nextOffset, clockAt, newestPingAt, heardUntilAt, oseq, tz, rules });
  state.softHoles = header.softHoles;
  for (const [producer, member] of header.joined) state.joined.set(producer, member);
  state.listened = header.listened;
  for (const [producer, epochs] of header.produced) state.produced.set(producer, new Map(epochs));
  state.changes = header.changes;
  state.massSilence = header.massSilence;
  state.checks.store.rules.useZones(tz);
  state.checks.store.rules.restore(header.ruleTable);
  state.checks.store.projects.restore(header.projects);
  return state;
}

function restoreRows(state: PartitionState, from: number, body: Uint8Array): number {
  const rows = body.length / CHECK_ROW_BYTES;
  const page = state.checks.store.rows.pageOf(from);
  new Uint8Array(page.buffer, 0, body.length).set(body);
  return rows;
}

/** Puts every check into the index, and files its timer: both follow from the rows. */
function* findAgain({ checks }: PartitionState, { rows }: Header): Generator<undefined, void> {
  checks.restore(rows);
  const free = new Set(rows.free);
  for (let from = 0; from < rows.used; from += ROWS_PER_STEP) {
    for (let no = from; no < Math.min(from + ROWS_PER_STEP, rows.used); no += 1) {
      if (free.has(no)) continue;
      checks.restoreRow(no);
      rearm(checks.at(no));
    }
    yield;
  }
}

function parse<T = [number, CheckMemory][]>(body: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(body));
}
