// The Retry-After header in both of its forms: a number of seconds, or a date in one of the three HTTP
// spellings.

const SECONDS = /^\d{1,10}(\.\d{1,6})?$/;
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/**
 * How long to wait from `nowAt`; of several headers the longest. `undefined` when there is none that can be
 * read.
 */
export function retryAfterMs(
  header: string | readonly string[] | undefined,
  nowAt: number,
): number | undefined {
  const values = typeof header === 'string' ? [header] : (header ?? []);
  const waits = values.map((value) => waitMs(value.trim(), nowAt)).filter((wait) => wait !== null);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function waitMs(value: string, nowAt: number): number | null {
  // Some services send fractions; rounding up keeps "never earlier than asked".
  if (SECONDS.test(value)) return Math.ceil(Number(value) * 1_000);
  if (!HTTP_DATE.test(value)) return null;
  // The asctime spelling names no zone although it means GMT; left alone it would be read as local time.
  const at = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(at) ? null : Math.max(0, at - nowAt);
}
