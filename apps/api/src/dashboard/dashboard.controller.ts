import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PLATFORM, type Platform } from '#platform';
import { CheckService } from '../check/check.service.ts';
import { PAGE_HEADERS, page, type Html } from '../http/html.ts';
import { projectPage, signInPage } from './dashboard.page.ts';
import { Sessions } from './sessions.ts';

const REFRESH_SECONDS = 15;

/** The small page at `/`: every check of a project, what it is judged to be, and when it is expected next. */
@Controller()
export class DashboardController {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(CheckService) private readonly checks: CheckService,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const projects = await this.sessions.projectsFor(request);
    if (projects === null) {
      await send(reply, signInPage(null));
      return;
    }
    const lists = await Promise.all(
      projects.map(async (project) => ({ project, checks: await this.checks.list(project) })),
    );
    await send(reply, projectPage(lists, this.platform.clock.now()), REFRESH_SECONDS);
  }

  @Post('sign-in')
  async signIn(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '');
    const cookie = await this.sessions.signIn((form.get('key') ?? '').trim(), request);
    if (cookie !== null) {
      await reply.status(303).header('set-cookie', cookie).header('location', '/').send();
      return;
    }
    const problem = 'This key is not known here. Paste an API key of a project, or the operator key.';
    await send(reply.status(401), signInPage(problem));
  }
}

async function send(reply: FastifyReply, body: Html, refreshSeconds?: number): Promise<void> {
  const options = refreshSeconds === undefined ? {} : { refreshSeconds };
  await reply
    .headers(PAGE_HEADERS)
    .header('cache-control', 'no-store')
    .send(page('Holter', body, options));
}
