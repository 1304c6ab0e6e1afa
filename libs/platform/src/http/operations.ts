import type { FastifyInstance } from 'fastify';
import type { Health } from '../health/health.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** The three addresses every process answers: alive, ready (with reasons), and its numbers. */
export function mountOperations(fastify: FastifyInstance, parts: { health: Health; metrics: Metrics }): void {
  fastify.get('/livez', async (_request, reply) => {
    await reply.type('text/plain').send('OK\n');
  });
  fastify.get('/readyz', async (_request, reply) => {
    const reasons = parts.health.reasons();
    const ready = Object.keys(reasons).length === 0;
    await reply.status(ready ? 200 : 503).send({ ready, reasons });
  });
  fastify.get('/metrics', async (_request, reply) => {
    await reply.type('text/plain; version=0.0.4').send(await parts.metrics.text());
  });
}
