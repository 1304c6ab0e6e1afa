import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CheckTransition } from '#domain';
import { transitionDocument } from '#event-log';
import { Database } from '#persistence';
import { HttpError } from '#platform';
import { API_OPTIONS, type ApiOptions } from '../api.options.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { checkId } from './check.controller.ts';
import { CheckService } from './check.service.ts';
import { pingDocument } from './ping.document.ts';

const PINGS_SHOWN = 1_000;
const TRANSITIONS_A_PAGE = 100;
/** Healthchecks' limit for instants in queries: UNIX seconds up to the year 2286. */
const SECONDS_MAX = 10_000_000_000;

/** What happened to a check: its pings, and the verdicts on it. */
@Controller('api/v3/checks/:id')
export class HistoryController {
  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(CheckService) private readonly checks: CheckService,
    @Inject(Database) private readonly database: Database,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  @Get('pings')
  async pings(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const { project } = await this.authenticator.writer(request);
    const { row } = await this.checks.one(project, checkId(id));
    const pings = await this.database.repositories.projection.pingsOf(row.id, PINGS_SHOWN);
    return { pings: pings.map((ping) => pingDocument(ping, this.options.publicUrl())) };
  }

  @Get('pings/:n/body')
  async body(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('n') n: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { project } = await this.authenticator.writer(request);
    const { row } = await this.checks.one(project, checkId(id));
    const known = /^\d{1,9}$/.test(n)
      ? await this.database.repositories.projection.pingBody(row.id, Number(n))
      : null;
    if (known === null) throw new HttpError(404, 'there is no such ping, or it had no body');
    await reply.type('text/plain').header('x-content-type-options', 'nosniff').send(known);
  }

  @Get('transitions')
  async transitions(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() query: Record<string, string | string[]>,
  ): Promise<object> {
    const { project } = await this.authenticator.reader(request);
    const { row } = await this.checks.one(project, checkId(id));
    const records = await this.database.repositories.projection.transitionsOf(row.id, {
      beforeSeq: cursorOf(query['cursor']),
      startAt: instantOf('start', query['start']),
      endAt: instantOf('end', query['end']),
      limit: TRANSITIONS_A_PAGE + 1,
    });
    const page = records.slice(0, TRANSITIONS_A_PAGE) as unknown[] as CheckTransition[];
    const more = records.length > TRANSITIONS_A_PAGE;
    return { transitions: page.map(transitionDocument), next_cursor: more ? String(page.at(-1)?.seq) : null };
  }
}

function cursorOf(text: string | string[] | undefined): number | null {
  if (text === undefined) return null;
  if (typeof text !== 'string' || !/^\d{1,9}$/.test(text)) {
    throw new HttpError(400, 'cursor is not one that this list gave; leave it out to begin with the newest');
  }
  return Number(text);
}

/** UNIX seconds, or an ISO 8601 instant, as milliseconds. */
function instantOf(field: string, text: string | string[] | undefined): number | null {
  if (text === undefined) return null;
  const wanted = `${field} is not an instant; write UNIX seconds or ISO 8601, for example 2026-03-29T01:00:00Z`;
  if (typeof text !== 'string') throw new HttpError(400, wanted);
  if (/^\d+$/.test(text) && Number(text) <= SECONDS_MAX) return Number(text) * 1_000;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new HttpError(400, wanted);
  return at;
}
