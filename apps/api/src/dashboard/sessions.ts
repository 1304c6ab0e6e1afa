import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Database, type ProjectRow } from '#persistence';
import { HttpError, PLATFORM, type Platform } from '#platform';
import { API_OPTIONS, type ApiOptions } from '../api.options.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { sessionCookie, sessionOf } from './session.ts';

const OPERATOR = '*';
const LOOPBACK_NAME = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/** Who looks at the dashboard, and which projects they may see. */
@Injectable()
export class Sessions {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** The cookie of a browser that knows a key; null when the key is not known. */
  async signIn(key: string, request: FastifyRequest): Promise<string | null> {
    try {
      const isOperator = this.authenticator.isOperator(key);
      const projectId = isOperator ? OPERATOR : (await this.authenticator.callerOf(key)).project.id;
      const options = { now: this.platform.clock.now(), secure: request.protocol === 'https' };
      return sessionCookie(projectId, await this.database.sessionSecret(), options);
    } catch (error) {
      if (error instanceof HttpError) return null;
      throw error;
    }
  }

  /** The projects that this browser may see; null asks it to sign in. */
  async projectsFor(request: FastifyRequest): Promise<ProjectRow[] | null> {
    const { projects } = this.database.repositories;
    const secret = await this.database.sessionSecret();
    const signedIn = sessionOf(request.headers.cookie, secret, this.platform.clock.now());
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
