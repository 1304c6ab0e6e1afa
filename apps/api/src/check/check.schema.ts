import { z } from 'zod';
import { count, flag, text, validate } from '../http/validate.ts';
import { assertionsSchema } from './assertion.schema.ts';

const YEAR_SECONDS = 31_536_000;
const THRESHOLD_MAX = 1_000;
const THRESHOLD_HINT = `write a number from 1 to ${THRESHOLD_MAX}`;
const SECONDS_HINT = `write seconds from 1 to ${YEAR_SECONDS}, or null`;

/** Healthchecks' limits. */
const KEYWORDS_MAX = 200;
const SCHEDULE_MAX = 100;
/** Room for several expressions, which Healthchecks does not have. */
const LONG_SCHEDULE_MAX = 2_000;

const UNIQUE_FIELDS = ['name', 'slug', 'tags', 'timeout', 'grace'] as const;

/**
 * What may be said about a check, in Healthchecks' order: of several mistakes the first in this order is named. Fields
 * that are not here are ignored, as there. Lengths are in seconds.
 */
const checkSchema = z.object({
  channels: z.string({ error: 'channels is not a string' }).optional(),
  desc: text('desc', 100_000).optional(),
  failure_kw: text('failure_kw', KEYWORDS_MAX).optional(),
  filter_subject: flag('filter_subject').optional(),
  filter_body: flag('filter_body').optional(),
  filter_http_body: flag('filter_http_body').optional(),
  filter_default_fail: flag('filter_default_fail').optional(),
  grace: count('grace', 1, YEAR_SECONDS).optional(),
  manual_resume: flag('manual_resume').optional(),
  methods: z.enum(['', 'POST'], { error: 'methods has unexpected value' }).optional(),
  name: text('name', 100).optional(),
  schedule: text('schedule', SCHEDULE_MAX).optional(),
  slug: text('slug', 100)
    .refine((slug) => /^[a-z0-9_-]*$/.test(slug), 'slug does not match pattern')
    .optional(),
  start_kw: text('start_kw', KEYWORDS_MAX).optional(),
  subject: text('subject', KEYWORDS_MAX).optional(),
  subject_fail: text('subject_fail', KEYWORDS_MAX).optional(),
  success_kw: text('success_kw', KEYWORDS_MAX).optional(),
  tags: text('tags', 500).optional(),
  timeout: count('timeout', 1, YEAR_SECONDS).optional(),
  tz: text('tz', 100).optional(),
  unique: z
    .array(z.enum(UNIQUE_FIELDS, { error: "an item in 'unique' has unexpected value" }), {
      error: 'unique is not an array',
    })
    .optional(),
  kind: z
    .enum(['interval', 'cron', 'oncalendar', 'window', 'none'], {
      error:
        'kind has unexpected value; write "interval" (with timeout), "cron", "oncalendar" or "window" (with schedule and tz), or "none"',
    })
    .optional(),
  max_runtime: count('max_runtime', 1, YEAR_SECONDS, SECONDS_HINT).nullable().optional(),
  progress_interval: count('progress_interval', 1, YEAR_SECONDS, SECONDS_HINT).nullable().optional(),
  early_tolerance: count(
    'early_tolerance',
    0,
    YEAR_SECONDS,
    `write seconds from 0 to ${YEAR_SECONDS}, or null`,
  )
    .nullable()
    .optional(),
  watched_runs: z
    .enum(['all', 'newest'], { error: 'watched_runs has unexpected value; write "all" or "newest"' })
    .optional(),
  missed_threshold: count('missed_threshold', 1, THRESHOLD_MAX, THRESHOLD_HINT).optional(),
  failed_threshold: count('failed_threshold', 1, THRESHOLD_MAX, THRESHOLD_HINT).optional(),
  recovery_threshold: count('recovery_threshold', 1, THRESHOLD_MAX, THRESHOLD_HINT).optional(),
  hold_on_mass_silence: flag('hold_on_mass_silence').optional(),
  assertions: assertionsSchema.optional(),
});

export type CheckRequest = z.infer<typeof checkSchema>;

/** Whoever names the kind knows more kinds than Healthchecks has, and may write longer schedules. */
const longScheduleSchema = checkSchema.extend({ schedule: text('schedule', LONG_SCHEDULE_MAX).optional() });

/** What a request says about a check, or a refusal that names the first field at fault. */
export function checkRequest(requested: Record<string, unknown>): CheckRequest {
  return validate(requested['kind'] === undefined ? checkSchema : longScheduleSchema, requested);
}
export type UniqueField = (typeof UNIQUE_FIELDS)[number];
