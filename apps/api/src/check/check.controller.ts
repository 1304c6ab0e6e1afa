import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpError, PLATFORM, type Platform } from '#platform';
import { API_OPTIONS, type ApiOptions } from '../api.options.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { objectOf } from '../http/body.ts';
import { isUuid } from '../http/validate.ts';
import { tagsOf } from './check-definition.ts';
import { checkDocument, type CheckView } from './check.document.ts';
import { checkRequest } from './check.schema.ts';
import { CheckService } from './check.service.ts';

/** Checks: Healthchecks' management API v3, and our fields on the same documents. */
@Controller('api/v3/checks')
export class CheckController {
  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(CheckService) private readonly checks: CheckService,
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get()
  async list(
    @Req() request: FastifyRequest,
    @Query() query: Record<string, string | string[]>,
  ): Promise<object> {
    const { project, readOnly } = await this.authenticator.reader(request);
    const wanted = [query['tag'] ?? []].flat();
    const views = (await this.checks.list(project)).filter(
      ({ row }) =>
        wanted.every((tag) => tagsOf(row.tags).includes(tag)) &&
        (query['slug'] === undefined || row.slug === query['slug']),
    );
    return { checks: views.map((view) => this.#document(view, readOnly)) };
  }

  @Post()
  async create(
    @Req() request: FastifyRequest,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const requested = objectOf(body);
    const { project } = await this.authenticator.writer(request, requested);
    const { view, created } = await this.checks.createOrUpdate(project, checkRequest(requested));
    reply.status(created ? 201 : 200);
    return this.#document(view, false);
  }

  @Get(':id')
  async one(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const { project, readOnly } = await this.authenticator.reader(request);
    return this.#document(await this.checks.one(project, checkId(id)), readOnly);
  }

  @Post(':id')
  @HttpCode(200)
  async update(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<object> {
    const requested = objectOf(body);
    const { project } = await this.authenticator.writer(request, requested);
    return this.#document(await this.checks.update(project, checkId(id), checkRequest(requested)), false);
  }

  @Delete(':id')
  async remove(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const { project } = await this.authenticator.writer(request);
    return this.#document(await this.checks.remove(project, checkId(id)), false);
  }

  @Post(':id/pause')
  @HttpCode(200)
  async pause(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<object> {
    const { project } = await this.authenticator.writer(request, objectOf(body));
    return this.#document(await this.checks.pause(project, checkId(id)), false);
  }

  @Post(':id/resume')
  @HttpCode(200)
  async resume(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<object> {
    const { project } = await this.authenticator.writer(request, objectOf(body));
    return this.#document(await this.checks.resume(project, checkId(id)), false);
  }

  #document(view: CheckView, readOnly: boolean): object {
    return checkDocument(view, this.options.publicUrl(), { readOnly, now: this.platform.clock.now() });
  }
}

/** What is no UUID names no check. */
export function checkId(text: string): string {
  if (!isUuid(text)) throw new HttpError(404, 'not found');
  return text;
}
