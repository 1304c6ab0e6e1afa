/**
 * Numbers that a job reports in its ping URL, `?m.rows=1200&m.errors=0`. Whatever is no such number is passed over: a
 * mistake in a number must never cost the ping that carries it.
 */
const PREFIX = 'm.';
const NAME = /^[a-z0-9_.-]{1,64}$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** More names than this are passed over: they travel with every ping and stay in the state of its check. */
const METRICS_MAX = 32;

/** The numbers by name in lower case; of a name given twice the last one, as with every query of ours. */
export function queryMetrics(query: unknown): Record<string, number> | null {
  if (typeof query !== 'object' || query === null) return null;
  const metrics = new Map<string, number>();
  for (const [key, given] of Object.entries(query)) {
    if (!key.toLowerCase().startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length).toLowerCase();
    const value = numberOf(Array.isArray(given) ? given.at(-1) : given);
    if (value === null || !NAME.test(name)) continue;
    if (metrics.size < METRICS_MAX || metrics.has(name)) metrics.set(name, value);
  }
  // Entries and not assignments: a metric may be called `__proto__`.
  return metrics.size === 0 ? null : Object.fromEntries(metrics);
}

function numberOf(text: unknown): number | null {
  if (typeof text !== 'string' || !NUMBER.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
