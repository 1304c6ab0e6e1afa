import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { PLATFORM, type Platform } from '#platform';
import { objectOf } from '../http/body.ts';
import { validate } from '../http/validate.ts';
import { previewOf, type Preview } from './preview.ts';
import { previewSchema } from './preview.schema.ts';

/** What a schedule would do, before anybody relies on it. Needs no key: it reads and keeps nothing. */
@Controller('api/v3/schedules/preview')
export class PreviewController {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  @Post()
  @HttpCode(200)
  preview(@Body() body: unknown): Preview {
    return previewOf(validate(previewSchema, objectOf(body)), this.platform.clock.now());
  }
}
