import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, CounterOf } from '#platform';
import type { IngestProducer } from '../producer/ingest-producer.ts';
import type { CheckRegistry, Lookup } from '../registry/check-registry.ts';
import { bodyOf, readBody, type KeptBody } from './body.ts';
import { understandPath, understandRid, type HealthchecksPing } from './healthchecks.dialect.ts';
import { queryMetrics } from './query-metrics.ts';

/** After this long without the log's answer the client is told to come back; its ping may still arrive. */
const DURABLE_LIMIT_MS = 10_000;

const EXIT_STATUS_MAX = 255;
const USER_AGENT_CHARACTERS = 200;
/** Longest text form of an IPv6 address with a scope. */
const ADDRESS_CHARACTERS = 64;

export interface PingRouteParts {
  readonly registry: CheckRegistry;
  readonly producer: IngestProducer;
  readonly clock: Clock;
  readonly answered: CounterOf<'dialect' | 'answer'>;
  readonly bodyLimit: number;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Mounts the ping route straight on Fastify: Nest's pipeline would halve the rate. It lives in a scope of its own,
 * where every body is raw bytes whatever its content type says, and nothing is ever parsed.
 */
export function mountPingRoute(fastify: FastifyInstance, parts: PingRouteParts): void {
  void fastify.register(async (scope) => {
    // Fastify refuses a body whose content type is malformed; to us it says nothing, and a ping would be lost by it.
    scope.addHook('onRequest', (request, _reply, done) => {
      if (request.raw.headers['content-type'] !== undefined) delete request.raw.headers['content-type'];
      done();
    });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', async (_request: FastifyRequest, payload: Readable) => {
      return await readBody(payload, parts.bodyLimit);
    });
    scope.route({
      method: METHODS,
      url: '/ping/*',
      exposeHeadRoute: true,
      // The body is cut by us, not refused: a job's long output must not lose its ping.
      bodyLimit: Number.MAX_SAFE_INTEGER,
      handler: async (request, reply) => await answerPing(request, reply, parts),
    });
  });
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function answerPing(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: PingRouteParts,
): Promise<FastifyReply> {
  const answer = await judge(request, parts);
  parts.answered.add({ dialect: 'healthchecks', answer: String(answer.status) });
  reply.header('cache-control', 'max-age=0, no-cache, no-store, must-revalidate, private');
  reply.header('content-type', 'text/plain; charset=utf-8');
  if (answer.status < 300) {
    reply.header('access-control-allow-origin', '*');
    reply.header('ping-body-limit', String(parts.bodyLimit));
  }
  if (answer.status === 503) reply.header('retry-after', '1');
  return reply.status(answer.status).send(answer.text);
}

/** The order of these steps is Healthchecks': it decides which of several mistakes is named. */
async function judge(request: FastifyRequest, parts: PingRouteParts): Promise<Answer> {
  const url = request.raw.url ?? '';
  const question = url.indexOf('?');
  const path = (question === -1 ? url : url.slice(0, question)).slice('/ping/'.length);
  const understood = understandPath(path);
  if (!understood.ok) return { status: understood.status, text: understood.text };
  const { ping } = understood;
  const found = await find(ping, parts.registry);
  if (found.kind !== 'one') return NOT_FOUND_ANSWERS[found.kind];
  if (ping.exitStatus !== null && ping.exitStatus > EXIT_STATUS_MAX)
    return { status: 400, text: 'invalid url format' };
  const rid = understandRid(ridOf(request));
  if (rid === false) return { status: 400, text: 'invalid uuid format' };
  const durable = await takeWithin(parts, { request, ping, rid, checkId: found.check.checkId });
  return durable
    ? { status: 200, text: 'OK' }
    : { status: 503, text: 'the log cannot take pings now; try again' };
}

/** A client takes 404 as final, so it is not said while the check may only not have been read yet. */
const NOT_FOUND_ANSWERS = {
  none: { status: 404, text: 'not found' },
  ambiguous: { status: 409, text: 'ambiguous slug' },
  behind: { status: 503, text: 'the checks are still being read; try again' },
} as const;

async function find({ target }: HealthchecksPing, registry: CheckRegistry): Promise<Lookup> {
  return target.by === 'id'
    ? await registry.byId(target.id)
    : await registry.bySlug(target.pingKey, target.slug);
}

function ridOf(request: FastifyRequest): string | undefined {
  const query: unknown = request.query;
  if (typeof query !== 'object' || query === null || !('rid' in query)) return undefined;
  const { rid } = query;
  return Array.isArray(rid) ? String(rid.at(-1)) : String(rid);
}

interface Found {
  readonly request: FastifyRequest;
  readonly ping: HealthchecksPing;
  readonly rid: string | null;
  readonly checkId: string;
}

async function takeWithin(parts: PingRouteParts, { request, ping, rid, checkId }: Found): Promise<boolean> {
  const kept = isKeptBody(request.body) ? request.body : null;
  const taken = parts.producer.take({
    checkId,
    kind: ping.kind,
    exitStatus: ping.exitStatus,
    rid,
    dialect: 'healthchecks',
    method: request.method,
    scheme: request.protocol === 'https' ? 'https' : 'http',
    remoteAddr: printable(request.ip, ADDRESS_CHARACTERS) || null,
    userAgent: printable(request.headers['user-agent'] ?? '', USER_AGENT_CHARACTERS),
    body: kept === null ? null : bodyOf(kept),
    bodyTruncated: kept?.truncated ?? false,
    metrics: queryMetrics(request.query),
  });
  return await new Promise<boolean>((resolve) => {
    const cancel = parts.clock.after(DURABLE_LIMIT_MS, () => resolve(false));
    void taken.then((durable) => {
      cancel();
      resolve(durable);
    });
  });
}

function isKeptBody(body: unknown): body is KeptBody {
  return typeof body === 'object' && body !== null && 'bytes' in body;
}

/** Cut, and without control characters: PostgreSQL's text cannot hold NUL, and logs should not hold the rest. */
function printable(text: string, characters: number): string {
  let clean = '';
  for (const character of text) if (character >= ' ' && character !== '\u007f') clean += character;
  return clean.slice(0, characters).toWellFormed();
}
