import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isoInstant, isoOrNull } from '#event-log';
import { Database, type AttemptRow, type DeliveryView } from '#persistence';
import { HttpError } from '#platform';
import { Authenticator } from '../auth/authenticator.ts';
import { isUuid } from '../http/validate.ts';

const DELIVERIES_SHOWN = 200;
const STATES = ['pending', 'delivered', 'dead', 'superseded'];

/** The ledger: what was sent where, how often it was tried, and what came back. */
@Controller('api/v3/deliveries')
export class DeliveryController {
  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Get()
  async list(
    @Req() request: FastifyRequest,
    @Query() query: Record<string, string | string[]>,
  ): Promise<object> {
    const { project } = await this.authenticator.reader(request);
    const { deliveries } = this.database.repositories;
    const rows = await deliveries.list({
      projectId: project.id,
      checkId: uuidOf('check', query['check']),
      channelId: uuidOf('channel', query['channel']),
      state: stateOf(query['state']),
      limit: DELIVERIES_SHOWN,
    });
    const attempts = await deliveries.attemptsOf(rows.map(({ id }) => id));
    return {
      deliveries: rows.map((row) =>
        deliveryDocument(
          row,
          attempts.filter(({ deliveryId }) => deliveryId === row.id),
        ),
      ),
    };
  }
}

function uuidOf(field: string, value: string | string[] | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && isUuid(value)) return value;
  throw new HttpError(400, `${field} is not a UUID; write the one that the ${field} was answered with`);
}

function stateOf(value: string | string[] | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && STATES.includes(value)) return value;
  throw new HttpError(400, `state has unexpected value; write one of ${STATES.join(', ')}`);
}

function deliveryDocument(row: DeliveryView, attempts: readonly AttemptRow[]): object {
  return {
    id: row.id,
    webhook_id: row.transitionId,
    check: row.checkId,
    channel: row.channelId,
    type: row.eventType,
    seq: row.seq,
    state: row.state,
    reason: row.lastReason,
    created_at: isoInstant(row.createdAt),
    next_attempt_at: isoOrNull(row.nextAttemptAt),
    finished_at: isoOrNull(row.finishedAt),
    attempts: attempts.map((attempt) => ({
      number: attempt.number,
      at: isoInstant(attempt.at),
      duration_ms: attempt.durationMs,
      outcome: attempt.outcome,
      reason: attempt.reason,
      status: attempt.status,
      response: attempt.responseExcerpt,
    })),
  };
}
