import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Database, type ProjectRow } from '#persistence';
import { HttpError } from '#platform';
import { API_OPTIONS, type ApiOptions } from '../api.options.ts';
import { API_KEY_CHARACTERS, hashOfKey, sameSecret } from './keys.ts';

export interface Caller {
  readonly project: ProjectRow;
  readonly readOnly: boolean;
}

/** Who asks: the project that the key belongs to. Nothing else ever names a project. */
@Injectable()
export class Authenticator {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** The caller with a key that may read. */
  async reader(request: FastifyRequest): Promise<Caller> {
    return await this.callerOf(keyOf(request, {}));
  }

  /** The caller with a key that may write; for POST the key may also stand in the body, as in Healthchecks. */
  async writer(request: FastifyRequest, body: Record<string, unknown> = {}): Promise<Caller> {
    const caller = await this.callerOf(keyOf(request, body));
    if (caller.readOnly) throw new HttpError(401, 'wrong api key');
    return caller;
  }

  /** Passes only the operator. */
  operator(request: FastifyRequest): void {
    const key = headerOf(request);
    if (key === undefined) throw new HttpError(401, 'missing api key');
    if (!this.isOperator(key)) throw new HttpError(401, 'wrong api key');
  }

  isOperator(key: string): boolean {
    return sameSecret(key, this.options.adminKey);
  }

  async callerOf(key: string): Promise<Caller> {
    if (key.length !== API_KEY_CHARACTERS) throw new HttpError(401, 'missing api key');
    const caller = await this.database.repositories.projects.byKeyHash(hashOfKey(key));
    if (caller === null) throw new HttpError(401, 'wrong api key');
    return caller;
  }
}

function keyOf(request: FastifyRequest, body: Record<string, unknown>): string {
  const inBody = body['api_key'];
  return headerOf(request) ?? (typeof inBody === 'string' ? inBody : '');
}

function headerOf(request: FastifyRequest): string | undefined {
  const header = request.headers['x-api-key'];
  return Array.isArray(header) ? header[0] : header;
}
