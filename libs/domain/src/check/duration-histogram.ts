/**
 * What a check's runs usually take, in 34 bytes: a histogram of 32 logarithmic buckets of one byte each (factor √2, so
 * the range spans a factor of 65,536), the number of its first bucket, and where within the median's bucket its values
 * lie. A byte that is full halves them all, which is how old runs are forgotten. Only integers and products: the same
 * everywhere.
 */
export const HISTOGRAM_BUCKETS = 32;

const SQRT2 = 1.4142135623730951;
/** 1, 2, 4 and so on, by doubling: powers of two are exact, whatever an engine's arithmetic of powers does. */
const POWERS: readonly number[] = Array.from({ length: 32 }).reduce<number[]>(
  (powers) => [...powers, (powers.at(-1) ?? 0.5) * 2],
  [],
);
const FULL = 255;
/** The first sample lies so far above the least bucket: runs may get 64 times quicker and 1,000 times slower. */
const FIRST_PLACE = 12;
/** How quickly the place within the bucket follows: a quarter of the way with each run. */
const CENTRE_SHARE = 4;

/** One check's histogram, wherever it is kept. */
export interface Durations {
  readonly buckets: Uint8Array;
  origin: number;
  centre: number;
}

/** Baseline of a check: its median, and of how many runs. */
export interface Baseline {
  readonly medianMs: number;
  readonly samples: number;
}

/** The number of a duration's bucket on the scale that all checks share: two for each power of two of milliseconds. */
function bucketOf(durationMs: number): number {
  const ms = Math.min(Math.max(Math.floor(durationMs), 1), 0xffff_ffff);
  const power = 31 - Math.clz32(ms);
  return power * 2 + (ms >= (POWERS[power] ?? 1) * SQRT2 ? 1 : 0);
}

function leastOf(bucket: number): number {
  const power = bucket >> 1;
  return (POWERS[power] ?? 1) * (bucket % 2 === 1 ? SQRT2 : 1);
}

/** Counts one more run. */
export function addDuration(durations: Durations, durationMs: number): void {
  const { buckets } = durations;
  const bucket = bucketOf(durationMs);
  const isFirst = samplesOf(buckets) === 0;
  if (isFirst) durations.origin = Math.max(0, bucket - FIRST_PLACE);
  const place = placeOf(durations, bucket);
  if (buckets[place] === FULL) halve(buckets);
  buckets[place] = (buckets[place] ?? 0) + 1;
  if (medianPlace(buckets) !== place) return;
  const least = leastOf(durations.origin + place);
  const within = Math.floor(((durationMs - least) / (least * (SQRT2 - 1))) * 256);
  const wanted = Math.min(Math.max(within, 0), 255);
  durations.centre = isFirst
    ? wanted
    : durations.centre + Math.trunc((wanted - durations.centre) / CENTRE_SHARE);
}

/** What the runs so far usually took; null while there is none. */
export function baselineOf(durations: Durations): Baseline | null {
  const { buckets, origin, centre } = durations;
  const samples = samplesOf(buckets);
  if (samples === 0) return null;
  const place = medianPlace(buckets);
  const least = leastOf(origin + place);
  const medianMs = Math.round(least * (1 + ((SQRT2 - 1) * centre) / 256));
  return { medianMs, samples };
}

function placeOf({ origin }: Durations, bucket: number): number {
  return Math.min(Math.max(bucket - origin, 0), HISTOGRAM_BUCKETS - 1);
}

function samplesOf(buckets: Uint8Array): number {
  let samples = 0;
  for (const count of buckets) samples += count;
  return samples;
}

function medianPlace(buckets: Uint8Array): number {
  const half = samplesOf(buckets) / 2;
  let seen = 0;
  for (const [place, count] of buckets.entries()) {
    seen += count;
    if (seen >= half) return place;
  }
  return HISTOGRAM_BUCKETS - 1;
}

/** The median distance to the median; within the median's own bucket it is a quarter of its width. */
export function deviationOf({ buckets, origin }: Durations, { medianMs, samples }: Baseline): number {
  const distances = [...buckets].map((count, place) => {
    const least = leastOf(origin + place);
    const most = least * SQRT2;
    const inside = medianMs >= least && medianMs <= most;
    return { count, ms: inside ? (most - least) / 4 : Math.abs((least + most) / 2 - medianMs) };
  });
  distances.sort((left, right) => left.ms - right.ms);
  let seen = 0;
  for (const { count, ms } of distances) {
    seen += count;
    if (seen * 2 >= samples) return ms;
  }
  return 0;
}

function halve(buckets: Uint8Array): void {
  for (const [place, count] of buckets.entries()) buckets[place] = count >> 1;
}
