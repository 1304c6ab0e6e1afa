import { z } from 'zod';
import { count, flag, text } from '../http/validate.ts';

const YEAR_SECONDS = 31_536_000;
const THRESHOLD_MAX = 1_000;

/** Filters of Healthchecks that are not judged here yet: only their neutral value is taken, so that nobody relies on them. */
const neutralText = (field: string) =>
  z.literal('', { error: `${field} is not supported yet; leave it empty or out` }).optional();
const neutralFlag = (field: string) =>
  z.literal(false, { error: `${field} is not supported yet; leave it false or out` }).optional();

const UNIQUE_FIELDS = ['name', 'slug', 'tags', 'timeout', 'grace'] as const;

/**
 * What may be said about a check, in Healthchecks' order: of several mistakes the first in this order is named. Fields
 * that are not here are ignored, as there. Lengths are in seconds.
 */
export const checkSchema = z.object({
  channels: z.string({ error: 'channels is not a string' }).optional(),
  desc: text('desc', 100_000).optional(),
  failure_kw: neutralText('failure_kw'),
  filter_subject: neutralFlag('filter_subject'),
  filter_body: neutralFlag('filter_body'),
  filter_http_body: neutralFlag('filter_http_body'),
  filter_default_fail: neutralFlag('filter_default_fail'),
  grace: count('grace', 1, YEAR_SECONDS).optional(),
  manual_resume: flag('manual_resume').optional(),
  methods: z.enum(['', 'POST'], { error: 'methods has unexpected value' }).optional(),
  name: text('name', 100).optional(),
  schedule: text('schedule', 100).optional(),
  slug: text('slug', 100)
    .refine((slug) => /^[a-z0-9_-]*$/.test(slug), 'slug does not match pattern')
    .optional(),
  start_kw: neutralText('start_kw'),
  subject: neutralText('subject'),
  subject_fail: neutralText('subject_fail'),
  success_kw: neutralText('success_kw'),
  tags: text('tags', 500).optional(),
  timeout: count('timeout', 1, YEAR_SECONDS).optional(),
  tz: text('tz', 100).optional(),
  unique: z
    .array(z.enum(UNIQUE_FIELDS, { error: "an item in 'unique' has unexpected value" }), {
      error: 'unique is not an array',
    })
    .optional(),
  kind: z
    .enum(['interval', 'cron'], {
      error: 'kind has unexpected value; write "interval" (with timeout) or "cron" (with schedule and tz)',
    })
    .optional(),
  max_runtime: count('max_runtime', 1, YEAR_SECONDS).nullable().optional(),
  missed_threshold: count('missed_threshold', 1, THRESHOLD_MAX).optional(),
  failed_threshold: count('failed_threshold', 1, THRESHOLD_MAX).optional(),
  recovery_threshold: count('recovery_threshold', 1, THRESHOLD_MAX).optional(),
});

export type CheckRequest = z.infer<typeof checkSchema>;
export type UniqueField = (typeof UNIQUE_FIELDS)[number];
