/**
 * How handlers name what they read. A reader is three patterns: its batches, where it begins on a partition that it
 * was given, and (if it cares) that a partition was taken from it.
 */
export interface ReaderPatterns {
  readonly batch: string;
  readonly start: string;
  readonly released: string;
}

const START = '/start';
const RELEASED = '/released';
const EACH = 'each:';

/** Readers that share a topic's partitions under one group's name, one owner a partition. */
export function sharedReader(topic: string, group: string): ReaderPatterns {
  return patterns(`${topic}@${group}`);
}

/** A reader that sees every partition, whatever other processes read. */
export function everyReader(topic: string, name: string): ReaderPatterns {
  return patterns(`${topic}@${EACH}${name}`);
}

function patterns(batch: string): ReaderPatterns {
  return { batch, start: `${batch}${START}`, released: `${batch}${RELEASED}` };
}

/** The reader that a batch pattern stands for; null for the other two patterns. */
export function parsePattern(
  pattern: string,
): { topic: string; group: string | null; patterns: ReaderPatterns } | null {
  if (pattern.endsWith(START) || pattern.endsWith(RELEASED)) return null;
  const [topic, name] = pattern.split('@');
  if (topic === undefined || name === undefined) return null;
  return { topic, group: name.startsWith(EACH) ? null : `holter-${name}`, patterns: patterns(pattern) };
}
