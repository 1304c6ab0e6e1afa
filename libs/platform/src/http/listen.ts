import type { FastifyInstance } from 'fastify';
import { errorCode } from '../error-code.ts';

/** How many ports above the usual one are tried when nobody asked for a certain one. */
const PORTS_TRIED = 20;

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** True when the usual port was taken and another one serves instead. */
  readonly moved: boolean;
}

/** A port that cannot be had; `message` is a sentence for the operator. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/**
 * Listens on the port that was asked for, or fails with a sentence. When none was asked for (`strict` false), the
 * next free one above the usual one will do.
 */
export async function listenOn(
  fastify: FastifyInstance,
  wanted: { host: string; port: number; strict: boolean },
): Promise<Listening> {
  const { host, port, strict } = wanted;
  const last = strict || port === 0 ? port : port + PORTS_TRIED;
  for (let candidate = port; candidate <= last; candidate += 1) {
    try {
      await fastify.listen({ host, port: candidate });
      return { host, port: boundPort(fastify) ?? candidate, moved: candidate !== port };
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EADDRINUSE') continue;
      if (code === 'EACCES')
        throw new PortTakenError(
          `Not allowed to listen on ${host}:${candidate}; set HOLTER_PORT to a port above 1023.`,
        );
      if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
        throw new PortTakenError(
          `This machine has no address ${host}; set HOLTER_HOST to one that it has, for example 127.0.0.1.`,
        );
      }
      throw error;
    }
  }
  throw new PortTakenError(
    strict
      ? `Port ${port} on ${host} is taken by another program; stop it, or set HOLTER_PORT to a free one.`
      : `The ports ${port} to ${last} on ${host} are all taken; set HOLTER_PORT to a free one.`,
  );
}

function boundPort(fastify: FastifyInstance): number | null {
  const address = fastify.server.address();
  return typeof address === 'object' && address !== null ? address.port : null;
}
