/**
 * Sets of small numbers as bits, so that "the next one from here" is two machine instructions. JavaScript's bit
 * operations see 32 bits, therefore 0 to 59 is kept in two halves of 30.
 */
export interface Sixty {
  readonly low: number;
  readonly high: number;
}

const HALF = 30;

/** The set of these numbers, each 0 to 30. */
export function bitsOf(numbers: readonly number[]): number {
  let bits = 0;
  for (const number of numbers) bits |= 1 << number;
  return bits;
}

/** The set of these numbers, each 0 to 59. */
export function sixtyOf(numbers: readonly number[]): Sixty {
  return {
    low: bitsOf(numbers.filter((number) => number < HALF)),
    high: bitsOf(numbers.filter((number) => number >= HALF).map((number) => number - HALF)),
  };
}

/** The lowest member of a set that is not empty. */
export function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** The highest member of a set that is not empty. */
export function highest(bits: number): number {
  return 31 - Math.clz32(bits);
}

/** The least member at or above `from` (0 to 31), or -1. */
export function atOrAbove(bits: number, from: number): number {
  const rest = from > 30 ? 0 : bits & (-1 << from);
  return rest === 0 ? -1 : lowest(rest);
}

/** The greatest member at or below `from` (-1 to 30), or -1. */
export function atOrBelow(bits: number, from: number): number {
  const rest = from < 0 ? 0 : bits & ((2 << from) - 1);
  return rest === 0 ? -1 : highest(rest);
}

/** The least member at or above `from` (0 to 60), or -1. */
export function sixtyAtOrAbove(set: Sixty, from: number): number {
  const low = from < HALF ? atOrAbove(set.low, from) : -1;
  if (low >= 0) return low;
  const high = atOrAbove(set.high, Math.max(from - HALF, 0));
  return high < 0 ? -1 : high + HALF;
}

/** The greatest member at or below `from` (-1 to 59), or -1. */
export function sixtyAtOrBelow(set: Sixty, from: number): number {
  const high = from < HALF ? -1 : atOrBelow(set.high, from - HALF);
  return high < 0 ? atOrBelow(set.low, Math.min(from, HALF - 1)) : high + HALF;
}
