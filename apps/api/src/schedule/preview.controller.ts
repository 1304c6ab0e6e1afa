import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { compileSchedule, nextSlotAfter, type Schedule } from '#domain';
import { HttpError, PLATFORM, type Platform } from '#platform';
import { objectOf } from '../http/body.ts';
import { count, text, validate } from '../http/validate.ts';
import { wholeSeconds } from '../check/check.document.ts';

const OCCURRENCES_MAX = 100;
const YEAR_SECONDS = 31_622_400;

const previewSchema = z.object({
  kind: z.enum(['interval', 'cron'], { error: 'kind has unexpected value; write "interval" or "cron"' }),
  schedule: z
    .union([text('schedule', 10_000), count('schedule', 1, YEAR_SECONDS)], {
      error: 'schedule is neither a cron expression nor a number of seconds',
    })
    .optional(),
  timeout: count('timeout', 1, YEAR_SECONDS).optional(),
  tz: text('tz', 100).optional(),
  from: z.iso
    .datetime({
      offset: true,
      error: 'from is not an instant; write ISO 8601, for example 2026-03-28T12:00:00Z',
    })
    .optional(),
  count: count('count', 1, OCCURRENCES_MAX).optional(),
});

/** What a schedule would do, before anybody relies on it. Needs no key: it reads and keeps nothing. */
@Controller('api/v3/schedules/preview')
export class PreviewController {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  @Post()
  @HttpCode(200)
  preview(@Body() body: unknown): object {
    const requested = validate(previewSchema, objectOf(body));
    const result = compileSchedule(scheduleOf(requested));
    if (!result.ok) throw new HttpError(400, `${result.field}: ${result.problem}`);
    const occurrences: (string | null)[] = [];
    let at = requested.from === undefined ? this.platform.clock.now() : Date.parse(requested.from);
    for (let index = 0; index < (requested.count ?? 5); index += 1) {
      const next = nextSlotAfter(result.compiled, at);
      if (next === null) break;
      occurrences.push(wholeSeconds(next)?.replace('+00:00', 'Z') ?? null);
      at = next;
    }
    return { occurrences };
  }
}

function scheduleOf(requested: z.infer<typeof previewSchema>): Schedule {
  const { kind, schedule, timeout, tz } = requested;
  if (kind === 'interval') {
    const seconds = timeout ?? Number(schedule);
    if (!Number.isFinite(seconds))
      throw new HttpError(400, 'timeout is missing; write the interval in seconds');
    return { kind: 'interval', periodMs: seconds * 1_000 };
  }
  if (typeof schedule !== 'string') {
    throw new HttpError(400, 'schedule: A cron expression is missing; write for example "0 4 * * *".');
  }
  return { kind: 'cron', expression: schedule, zone: tz ?? 'UTC' };
}
