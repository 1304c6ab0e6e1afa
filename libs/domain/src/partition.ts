import { assert } from './assert.ts';

/**
 * The partition of a check: the first four bytes of its UUID modulo the number of partitions. Ours and explicit,
 * because the default partitioners of Kafka clients differ from each other.
 */
export function partitionOf(checkId: string, partitions: number): number {
  const head = Number.parseInt(checkId.slice(0, 8), 16);
  assert(Number.isInteger(head), `check id ${checkId} begins with eight hex digits`);
  return head % partitions;
}
