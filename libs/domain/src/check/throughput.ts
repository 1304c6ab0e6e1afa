import type { ThroughputAssertion } from './assertion.ts';
import type { CheckMemory, ThroughputMemory } from './check-memory.ts';
import type { CheckRow } from './check-row.ts';

/**
 * "At least so much in any window": sums by 32 buckets of the window, and the one that is being filled. A window that
 * ends within a bucket is given the whole of its oldest one, so what is called too little is too little for certain, at
 * most a thirty-second of the window later than it became so.
 */
const BUCKETS = 32;

function bucketMs({ windowMs }: ThroughputAssertion): number {
  return Math.max(Math.ceil(windowMs / BUCKETS), 1);
}

/** The memory after a success with this value at this instant. */
export function throughputAfter(
  assertion: ThroughputAssertion,
  memory: ThroughputMemory,
  value: number,
  at: number,
): ThroughputMemory {
  const moved = movedTo(assertion, memory, at);
  const sums = [...moved.sums];
  sums[sums.length - 1] = (sums.at(-1) ?? 0) + value;
  const broken = memory.broken && sumOf(sums) < assertion.atLeast;
  return { ...moved, sums, broken };
}

function movedTo(assertion: ThroughputAssertion, memory: ThroughputMemory, at: number): ThroughputMemory {
  const bucket = Math.max(Math.floor(at / bucketMs(assertion)), memory.newest);
  const passed = Math.min(memory.sums.length === 0 ? 1 : bucket - memory.newest, BUCKETS + 1);
  const sums = [...memory.sums, ...Array.from({ length: passed }, () => 0)].slice(-(BUCKETS + 1));
  return { ...memory, newest: bucket, sums };
}

/** How much there is in the window that ends at an instant. */
export function throughputAt(assertion: ThroughputAssertion, memory: ThroughputMemory, at: number): number {
  return sumOf(movedTo(assertion, memory, at).sums);
}

/** When it will be too little if nothing more comes; null while that has been told. */
function tooLittleAt(assertion: ThroughputAssertion, memory: ThroughputMemory): number | null {
  if (memory.broken) return null;
  const { sums, newest } = memory;
  const length = bucketMs(assertion);
  const earliestAt = memory.sinceAt + assertion.windowMs;
  let left = sumOf(sums);
  if (left < assertion.atLeast) return Math.max(earliestAt, newest * length);
  for (const [index, sum] of sums.entries()) {
    left -= sum;
    const oldest = newest - (sums.length - 1) + index;
    if (left < assertion.atLeast) return Math.max(earliestAt, (oldest + BUCKETS + 1) * length);
  }
  return null;
}

/** Each throughput assertion of a check with its place and memory. */
export function throughputsOf(
  check: CheckRow,
): { place: number; assertion: ThroughputAssertion; memory: ThroughputMemory }[] {
  const { assertions } = check.memory;
  return check.rules.assertions.flatMap((assertion, place) => {
    const memory = assertions[place];
    return assertion.kind === 'throughput' && memory?.kind === 'throughput'
      ? [{ place, assertion, memory }]
      : [];
  });
}

/** The next instant at which one of a check's throughputs needs looking at. */
export function throughputDueAt(check: CheckRow): number | null {
  let dueAt: number | null = null;
  for (const { assertion, memory } of throughputsOf(check)) {
    const at = tooLittleAt(assertion, memory);
    if (at !== null && (dueAt === null || at < dueAt)) dueAt = at;
  }
  return dueAt;
}

/** The throughputs that are too little at an instant and were not told yet, now marked as told. */
export function takeBrokenThroughputs(
  check: CheckRow,
  at: number,
): { assertion: ThroughputAssertion; observed: number }[] {
  const broken = throughputsOf(check).filter(({ assertion, memory }) => {
    const dueAt = tooLittleAt(assertion, memory);
    return dueAt !== null && dueAt <= at;
  });
  if (broken.length === 0) return [];
  const memory = check.remember();
  memory.assertions = memory.assertions.map((known, place) =>
    known.kind === 'throughput' && broken.some((one) => one.place === place)
      ? { ...known, broken: true }
      : known,
  );
  return broken.map(({ assertion, memory: counted }) => ({
    assertion,
    observed: throughputAt(assertion, counted, at),
  }));
}

/** Whether a throughput that fails the check is too little still: then a success does not bring it up. */
export function isThroughputFailing(check: CheckRow): boolean {
  if (check.memory.assertions.length === 0) return false;
  return throughputsOf(check).some(
    ({ assertion, memory }) => memory.broken && assertion.severity === 'failed',
  );
}

/** Nobody could be heard until `atMs`: every window begins anew there. */
export function restartThroughputs(memory: CheckMemory, atMs: number): void {
  memory.assertions = memory.assertions.map((known) =>
    known.kind === 'throughput' ? { ...known, sinceAt: atMs, newest: 0, sums: [] } : known,
  );
}

function sumOf(sums: readonly number[]): number {
  return sums.reduce((sum, value) => sum + value, 0);
}
