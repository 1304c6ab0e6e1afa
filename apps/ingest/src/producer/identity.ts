import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeWhole } from '#platform';

/** Who this ingest is in the log: the same name over restarts, a higher epoch with each. */
export interface Identity {
  readonly producer: string;
  /** The next epoch, remembered before it is used, so that none is ever used twice. */
  nextEpoch(): number;
}

/** The identity that is kept in a folder; a lost folder is a new ingest, and the old one expires. */
export function identityIn(folder: string): Identity {
  const file = path.join(folder, 'ingest.json');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept = readKept(file) ?? { producer: `ingest-${randomUUID()}`, epoch: 0 };
  let { epoch } = kept;
  return {
    producer: kept.producer,
    nextEpoch: () => {
      epoch += 1;
      writeWhole(file, JSON.stringify({ producer: kept.producer, epoch }));
      return epoch;
    },
  };
}

function readKept(file: string): { producer: string; epoch: number } | null {
  try {
    const kept: { producer?: unknown; epoch?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
    return typeof kept.producer === 'string' && typeof kept.epoch === 'number'
      ? { producer: kept.producer, epoch: kept.epoch }
      : null;
  } catch {
    return null;
  }
}
