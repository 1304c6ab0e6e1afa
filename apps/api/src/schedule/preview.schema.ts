import { z } from 'zod';
import { count } from '../http/validate.ts';

const OCCURRENCES_MAX = 100;
const YEAR_SECONDS = 31_622_400;

/** Long texts are refused by their schedule, in words that say what to write; this is only what is read at all. */
const TEXT_MAX = 100_000;

const TOO_LONG =
  'schedule is too long; an expression has at most 200 characters, and there may be 20 of them';

const kinds = ['interval', 'cron', 'oncalendar', 'window', 'none'] as const;

/** A request for a preview. Without a kind it is guessed from the text. */
export const previewSchema = z.object({
  kind: z
    .enum(kinds, {
      error: 'kind has unexpected value; write "interval", "cron", "oncalendar", "window" or "none"',
    })
    .optional(),
  schedule: z
    .union([z.string().max(TEXT_MAX, TOO_LONG), count('schedule', 1, YEAR_SECONDS)], {
      error: `schedule is neither a text nor a number of seconds from 1 to ${YEAR_SECONDS}; write for example "0 4 * * *" or 3600`,
    })
    .optional(),
  timeout: count('timeout', 1, YEAR_SECONDS).optional(),
  grace: count('grace', 0, YEAR_SECONDS).optional(),
  tz: z
    .string({ error: 'tz is not a string; write for example "Europe/Berlin"' })
    .max(TEXT_MAX, 'tz is too long; write for example "Europe/Berlin"')
    .optional(),
  from: z.iso
    .datetime({
      offset: true,
      error: 'from is not an instant; write ISO 8601, for example 2026-03-28T12:00:00Z',
    })
    .optional(),
  count: count('count', 1, OCCURRENCES_MAX, `write a number from 1 to ${OCCURRENCES_MAX}`).optional(),
});

/** What `previewSchema` lets through. */
export type PreviewRequest = z.infer<typeof previewSchema>;
