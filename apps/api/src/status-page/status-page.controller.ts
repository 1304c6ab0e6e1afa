import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { API_OPTIONS, type ApiOptions } from '../api.options.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { objectOf } from '../http/body.ts';
import { isUuid, text, validate } from '../http/validate.ts';
import { StatusPageService, type PageView } from './status-page.service.ts';

/** Readers with a typed client hold a position in one byte. */
const COMPONENTS_MAX = 255;

const componentsSchema = z
  .array(
    z.object(
      {
        name: text('components: name', 100),
        check: z
          .string({ error: 'components: check is not a string' })
          .refine(isUuid, 'components: check is not a UUID'),
      },
      { error: 'components: each one is an object with name and check' },
    ),
    { error: 'components is not an array' },
  )
  .max(COMPONENTS_MAX, `components has more than ${COMPONENTS_MAX} entries`)
  .default([]);

const pageSchema = z.object({
  slug: z
    .string({ error: 'slug is not a string' })
    .regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'slug does not match pattern; write 1 to 100 of a-z, 0-9 and -'),
  name: text('name', 100),
  components: componentsSchema,
});
const changeSchema = z.object({ name: text('name', 100), components: componentsSchema });

/** Status pages, for those who make them. */
@Controller('api/v3/status-pages')
export class StatusPageController {
  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(StatusPageService) private readonly pages: StatusPageService,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get()
  async list(@Req() request: FastifyRequest): Promise<object> {
    const { project } = await this.authenticator.reader(request);
    return { status_pages: (await this.pages.list(project)).map((view) => this.#document(view)) };
  }

  @Post()
  async create(@Req() request: FastifyRequest, @Body() body: unknown): Promise<object> {
    const requested = objectOf(body);
    const { project } = await this.authenticator.writer(request, requested);
    return this.#document(await this.pages.create(project, validate(pageSchema, requested)));
  }

  @Post(':slug')
  @HttpCode(200)
  async replace(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @Body() body: unknown,
  ): Promise<object> {
    const requested = objectOf(body);
    const { project } = await this.authenticator.writer(request, requested);
    return this.#document(await this.pages.replace(project, { slug, ...validate(changeSchema, requested) }));
  }

  #document({ page, components }: PageView): object {
    return {
      uuid: page.id,
      slug: page.slug,
      name: page.name,
      url: `${this.options.publicUrl()}/status/${page.slug}`,
      components: components.map(({ row }) => ({ uuid: row.id, name: row.name, check: row.checkId })),
    };
  }
}
