import { randomBytes, randomUUID } from 'node:crypto';
import { Body, Controller, Get, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Database } from '#persistence';
import { PLATFORM, type Platform } from '#platform';
import { Authenticator } from '../auth/authenticator.ts';
import { objectOf } from '../http/body.ts';
import { text, validate } from '../http/validate.ts';
import { webhookConfigSchema } from './webhook.schema.ts';

const channelSchema = z.object({
  kind: z.literal('webhook', {
    error: 'kind has unexpected value; write "webhook", the one kind there is so far',
  }),
  name: text('name', 100).optional(),
  config: webhookConfigSchema,
  grouping: z
    .literal('off', {
      error: 'grouping has unexpected value; write "off" or leave it out: every transition is sent by itself',
    })
    .optional(),
});

/** Standard Webhooks asks for 24 to 64 random bytes. */
const SECRET_BYTES = 32;

/** Where alerts go. */
@Controller('api/v3/channels')
export class ChannelController {
  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Database) private readonly database: Database,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {}

  @Get()
  async list(@Req() request: FastifyRequest): Promise<object> {
    const { project } = await this.authenticator.writer(request);
    const channels = await this.database.repositories.channels.byProject(project.id);
    return { channels: channels.map(({ id, name, kind }) => ({ id, name, kind })) };
  }

  @Post()
  async create(@Req() request: FastifyRequest, @Body() body: unknown): Promise<object> {
    const requested = objectOf(body);
    const { project } = await this.authenticator.writer(request, requested);
    const { kind, name = '', config } = validate(channelSchema, requested);
    const id = randomUUID();
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    await this.database.repositories.channels.insert({
      id,
      projectId: project.id,
      kind,
      name,
      config,
      secret,
      disabledReason: null,
      createdAt: this.platform.clock.now(),
    });
    return { uuid: id, kind, name, config, grouping: 'off', secret };
  }
}
