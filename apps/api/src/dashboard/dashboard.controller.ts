import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database, type ProjectRow } from '#persistence';
import { CLOCK, HttpError, type Clock } from '#platform';
import { API_OPTIONS, type ApiOptions } from '../api.options.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { CheckService } from '../check/check.service.ts';
import { PAGE_HEADERS, page, type Html } from '../http/html.ts';
import { projectPage, signInPage } from './dashboard.page.ts';
import { sessionCookie, sessionOf } from './session.ts';

const REFRESH_SECONDS = 15;
const OPERATOR = '*';
const LOOPBACK_NAME = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/** The small page at `/`: every check of a project, what it is judged to be, and when it is expected next. */
@Controller()
export class DashboardController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(CheckService) private readonly checks: CheckService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const projects = await this.#projectsFor(request);
    if (projects === null) {
      await send(reply, signInPage(null));
      return;
    }
    const now = this.clock.now();
    const lists = await Promise.all(
      projects.map(async (project) => ({ project, checks: await this.checks.list(project) })),
    );
    await send(reply, projectPage(lists, now), REFRESH_SECONDS);
  }

  @Post('sign-in')
  async signIn(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '');
    const key = (form.get('key') ?? '').trim();
    try {
      const projectId = this.authenticator.isOperator(key)
        ? OPERATOR
        : (await this.authenticator.callerOf(key)).project.id;
      const secure = request.protocol === 'https';
      const cookie = sessionCookie(projectId, await this.database.sessionSecret(), {
        now: this.clock.now(),
        secure,
      });
      await reply.status(303).header('set-cookie', cookie).header('location', '/').send();
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      reply.status(401);
      await send(
        reply,
        signInPage('This key is not known here. Paste an API key of a project, or the operator key.'),
      );
    }
  }

  /** Whose checks this browser may see; null asks it to sign in. */
  async #projectsFor(request: FastifyRequest): Promise<ProjectRow[] | null> {
    const { projects } = this.database.repositories;
    const signedIn = sessionOf(request.headers.cookie, await this.database.sessionSecret(), this.clock.now());
    if (signedIn === OPERATOR || (signedIn === null && this.#isOwnMachine(request)))
      return await projects.list();
    const project = signedIn === null ? null : await projects.byId(signedIn);
    return project === null ? null : [project];
  }

  /**
   * On a server that only this machine's own people can reach, names and times are shown without a key; secrets never
   * are. The name in the address must be this machine's too, so that no web page elsewhere can read along, and nothing
   * may have been forwarded.
   */
  #isOwnMachine(request: FastifyRequest): boolean {
    if (this.options.dashboardNeedsKey) return false;
    const forwarded = Object.keys(request.headers).some(
      (name) => name === 'forwarded' || name.startsWith('x-forwarded'),
    );
    return !forwarded && LOOPBACK_NAME.test(request.headers.host ?? '');
  }
}

async function send(reply: FastifyReply, body: Html, refreshSeconds?: number): Promise<void> {
  const options = refreshSeconds === undefined ? {} : { refreshSeconds };
  await reply
    .headers(PAGE_HEADERS)
    .header('cache-control', 'no-store')
    .send(page('Holter', body, options));
}
