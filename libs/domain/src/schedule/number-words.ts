import { atOrAbove, sixtyAtOrAbove, type Sixty } from './bit-set.ts';

/** Sets of numbers in plain English: "1", "1 and 15", "9 to 17", "0, 7, 14 and so on to 56". */
export function membersOf(bits: number): number[] {
  const members: number[] = [];
  for (let member = atOrAbove(bits, 0); member >= 0; member = atOrAbove(bits, member + 1))
    members.push(member);
  return members;
}

/** The members of a set of 0 to 59. */
export function membersOfSixty(set: Sixty): number[] {
  const members: number[] = [];
  for (let at = sixtyAtOrAbove(set, 0); at >= 0; at = sixtyAtOrAbove(set, at + 1)) members.push(at);
  return members;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

/** The distance of numbers that follow each other evenly, or null; two numbers are no sequence. */
export function evenStep(numbers: readonly number[]): number | null {
  const [first = 0, second = 0] = numbers;
  if (numbers.length < 3) return null;
  const step = second - first;
  return numbers.every((number, index) => number === first + index * step) ? step : null;
}

/** Ascending numbers, each in the words of `name`: neighbours as a range, long even sequences by their beginning. */
export function numberWords(numbers: readonly number[], name: (number: number) => string = String): string {
  const step = evenStep(numbers);
  const first = numbers.slice(0, 3).map(name);
  if (step !== null && step > 1 && numbers.length > 4) {
    return `${first.join(', ')} and so on to ${name(numbers.at(-1) ?? 0)}`;
  }
  const words: string[] = [];
  for (let index = 0; index < numbers.length;) {
    const end = endOfRun(numbers, index);
    const run = numbers.slice(index, end + 1).map(name);
    if (run.length > 2) words.push(`${run[0]} to ${run.at(-1)}`);
    else words.push(...run);
    index = end + 1;
  }
  return listed(words);
}

function endOfRun(numbers: readonly number[], start: number): number {
  let end = start;
  while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end += 1;
  return end;
}

/** "1st", "2nd", "3rd", "11th". */
export function ordinal(number: number): string {
  const tens = number % 100;
  const suffix = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${suffix}`;
}

/** "1 minute", "15 minutes". */
export function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
  [1, 'millisecond'],
] as const;

/** "15 minutes", "1 hour 30 minutes". */
export function lengthWords(lengthMs: number): string {
  const words: string[] = [];
  let restMs = lengthMs;
  for (const [unitMs, unit] of UNITS) {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    if (count > 0) words.push(counted(count, unit));
  }
  return words.length === 0 ? '0 seconds' : words.join(' ');
}

/** Two digits. */
export function padded(number: number): string {
  return String(number).padStart(2, '0');
}
