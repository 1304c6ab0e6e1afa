import { z } from 'zod';
import { ASSERTIONS_MAX, ASSERTION_RUNS_MAX, COMPARISONS, unreachable, type Assertion } from '#domain';

/**
 * What a user says about the numbers that a job reports, as JSON. Every refusal names the item and its field, and what
 * to write instead: an assertion that was taken in another sense than it was meant would stay silent when it counts.
 */
const YEAR_SECONDS = 31_536_000;
const FACTOR_MAX = 1_000_000;
const METRIC = /^[a-z0-9_.-]{1,64}$/i;

const metricName = z
  .string({ error: 'metric is not a string' })
  .regex(METRIC, 'metric is not a name of a metric; write 1 to 64 of a-z, 0-9, "_", "." and "-"')
  .toLowerCase();
const severity = z
  .enum(['failed', 'degraded'], { error: 'severity has unexpected value; write "failed" or "degraded"' })
  .default('failed');
const finite = (field: string) => z.number({ error: `${field} is not a number` });
const seconds = (field: string) =>
  finite(field)
    .min(0.001, `${field} is too small; write seconds, at least 0.001`)
    .max(YEAR_SECONDS, `${field} is too large; write seconds, at most ${YEAR_SECONDS}`);
const runs = (min: number) => {
  const instead = `write a whole number from ${min} to ${ASSERTION_RUNS_MAX}`;
  return finite('runs')
    .int(`runs is not a whole number; ${instead}`)
    .min(min, `runs is too small; ${instead}`)
    .max(ASSERTION_RUNS_MAX, `runs is too large; ${instead}`);
};

/** A typing error in a field that may be left out must not leave it at its default. */
function item<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `${issue.keys.join(', ')} is not known; write only ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

const assertionSchema = z.discriminatedUnion(
  'kind',
  [
    item({
      kind: z.literal('metric'),
      metric: metricName,
      op: z.enum(COMPARISONS, { error: `op has unexpected value; write one of ${COMPARISONS.join(' ')}` }),
      value: finite('value'),
      required: z.boolean({ error: 'required is not a boolean' }).default(false),
      severity,
    }),
    item({
      kind: z.literal('change'),
      metric: metricName,
      direction: z.enum(['above', 'below'], {
        error: 'direction has unexpected value; write "above" or "below"',
      }),
      factor: finite('factor')
        .positive('factor is too small; write a number above 0')
        .max(FACTOR_MAX, `factor is too large; write at most ${FACTOR_MAX}`),
      runs: runs(1),
      severity,
    }),
    item({ kind: z.literal('unchanged'), metric: metricName, runs: runs(2), severity }),
    item({
      kind: z.literal('throughput'),
      metric: metricName.nullable().default(null),
      at_least: finite('at_least').positive('at_least is too small; write a number above 0'),
      window: seconds('window'),
      severity,
    }),
    item({ kind: z.literal('min_duration'), duration: seconds('duration'), severity }),
  ],
  {
    error: () =>
      'kind has unexpected value; write "metric", "change", "unchanged", "throughput" or "min_duration"',
  },
);

/** The list of a check's assertions; of several mistakes the first in the list is named. */
export const assertionsSchema: z.ZodType<Assertion[]> = z
  .array(z.unknown(), { error: 'assertions is not an array' })
  .max(ASSERTIONS_MAX, `assertions has more than ${ASSERTIONS_MAX} items`)
  .transform((items, context) =>
    items.flatMap((given, index): Assertion[] => {
      const read = assertionSchema.safeParse(given);
      if (read.success) return [assertionOf(read.data)];
      const problem =
        typeof given === 'object' && given !== null && !Array.isArray(given)
          ? read.error.issues[0]?.message
          : 'it is not an object';
      context.addIssue({ code: 'custom', message: `assertions, item ${index + 1}: ${problem}` });
      return [];
    }),
  );

function assertionOf(read: z.infer<typeof assertionSchema>): Assertion {
  switch (read.kind) {
    case 'throughput': {
      const windowMs = Math.round(read.window * 1_000);
      return {
        kind: read.kind,
        metric: read.metric,
        atLeast: read.at_least,
        windowMs,
        severity: read.severity,
      };
    }
    case 'min_duration':
      return { kind: read.kind, durationMs: Math.round(read.duration * 1_000), severity: read.severity };
    case 'metric':
    case 'change':
    case 'unchanged':
      return read;
    default:
      return unreachable(read);
  }
}
