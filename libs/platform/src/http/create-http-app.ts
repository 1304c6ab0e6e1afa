import { randomUUID } from 'node:crypto';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NestLogger } from '../logging/nest-logger.ts';
import type { Platform } from '../platform.module.ts';
import { ErrorFilter, answerFor } from './error-filter.ts';
import { mountOperations } from './operations.ts';

/** Some clients' keys and slugs are longer than the router's usual 100 characters. */
const PARAM_CHARACTERS_MAX = 500;

/**
 * A Nest application on Fastify with what every process of ours has: request ids, one form of errors, the operations'
 * addresses, both slash forms of a path. Not initialised and not listening yet.
 */
export async function createHttpApp(
  module: Type | DynamicModule,
  platform: Platform,
  options: { readonly trustedProxies: readonly string[] },
): Promise<{ app: NestFastifyApplication; fastify: FastifyInstance }> {
  const adapter = new FastifyAdapter({
    trustProxy: [...options.trustedProxies],
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: PARAM_CHARACTERS_MAX, ignoreTrailingSlash: true },
    forceCloseConnections: 'idle',
    frameworkErrors: (error: unknown, _request: FastifyRequest, reply: FastifyReply) => {
      const { status, sentence } = answerFor(error);
      void reply.status(status).send({ error: sentence });
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLogger(platform.logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ErrorFilter(platform.logger));
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  mountOperations(fastify, platform);
  return { app, fastify };
}
