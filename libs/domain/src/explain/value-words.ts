import { DAY_MS, dateOf } from '../schedule/civil.ts';
import { ordinal, padded } from '../schedule/number-words.ts';

/** Instants and lengths as an explanation writes them: in UTC, and as short as people say them. */
const UNITS = [
  [DAY_MS, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
  [1, 'ms'],
] as const;

/** An instant as ISO 8601 in UTC: "2026-03-02T12:01:10Z", with parts of a second only if there are some. */
export function instantText(at: number): string {
  const days = Math.floor(at / DAY_MS);
  const { year, month, day } = dateOf(days);
  const ofDayMs = at - days * DAY_MS;
  const seconds = Math.floor(ofDayMs / 1_000);
  const time = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map(padded)
    .join(':');
  const ms = ofDayMs % 1_000;
  const fraction = ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`;
  return `${String(year).padStart(4, '0')}-${padded(month)}-${padded(day)}T${time}${fraction}Z`;
}

/** "10 s", "1 h 30 min"; never rounded, because an explanation that is a second off explains nothing. */
export function lengthText(lengthMs: number): string {
  const words: string[] = [];
  let restMs = Math.abs(lengthMs);
  for (const [unitMs, unit] of UNITS) {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    if (count > 0) words.push(`${count} ${unit}`);
  }
  return words.length === 0 ? '0 s' : words.join(' ');
}

const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];
const CARDINALS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** "first", "second"; from eleven on "11th". */
export function ordinalText(number: number): string {
  return ORDINALS[number - 1] ?? ordinal(number);
}

/** "one", "two"; from eleven on "11". */
export function cardinalText(number: number): string {
  return CARDINALS[number - 1] ?? String(number);
}
