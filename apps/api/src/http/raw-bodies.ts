import type { FastifyInstance } from 'fastify';

/** More than any document of this API needs. */
export const BODY_BYTES_MAX = 1_048_576;

/**
 * Bodies arrive as bytes, whatever their content type says or does not say: real clients send an empty body as JSON,
 * JSON as a form, and a type with a DELETE.
 */
export function takeRawBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX },
    (_request, body, done) => {
      done(null, body);
    },
  );
}
