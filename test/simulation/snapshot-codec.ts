import { createHash } from 'node:crypto';
import type { PartitionState } from '../../libs/domain/src/check/partition-state.ts';
import type { RuleSwitches } from '../../libs/domain/src/check/rule-switches.ts';
import * as snapshot from '../../libs/domain/src/check/snapshot.ts';

/** The product's own encoding, in pieces, so that a world can tear it between two of them. */
export function piecesOf(state: PartitionState): Uint8Array[] {
  return Array.from(snapshot.encodeSnapshot(state, newHash), (piece) => piece.slice());
}

/** The state that a snapshot holds; null when it is torn. */
export function stateOf(pieces: readonly Uint8Array[], rules: RuleSwitches): PartitionState | null {
  const decoded = snapshot.decodeSnapshot(Buffer.concat(pieces), newHash, rules);
  return decoded.ok ? decoded.state : null;
}

/** One short text for everything that a state holds. */
export function digestOf(state: PartitionState): string {
  return snapshot.digestOf(state, newHash);
}

function newHash(): { update(bytes: Uint8Array): void; digest(): Uint8Array } {
  const hash = createHash('sha256');
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => hash.digest(),
  };
}
