import { Body, Controller, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { API_OPTIONS, type ApiOptions } from '../api.options.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { objectOf } from '../http/body.ts';
import { text, validate } from '../http/validate.ts';
import { ProjectService } from './project.service.ts';

const projectSchema = z.object({
  name: text('name', 100).refine(
    (name) => name.trim() !== '',
    'name is empty; write what people call this project',
  ),
});

/** Projects; only the operator makes them. */
@Controller('api/v3/projects')
export class ProjectController {
  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(ProjectService) private readonly projects: ProjectService,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Post()
  async create(@Req() request: FastifyRequest, @Body() body: unknown): Promise<object> {
    this.authenticator.operator(request);
    const { name } = validate(projectSchema, objectOf(body));
    const { project, apiKey, readKey, page } = await this.projects.create(name);
    const base = new URL(this.options.publicUrl());
    return {
      uuid: project.id,
      number: project.number,
      name: project.name,
      api_key: apiKey,
      api_key_readonly: readKey,
      ping_key: project.pingKey,
      sentry_dsn: `${base.protocol}//${project.pingKey}@${base.host}/${project.number}`,
      status_page: page.slug,
    };
  }
}
