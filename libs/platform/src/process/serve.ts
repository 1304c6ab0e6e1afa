import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { SystemClock } from '../clock/system-clock.ts';
import { Health } from '../health/health.ts';
import { createHttpApp } from '../http/create-http-app.ts';
import { listenOn, type Listening } from '../http/listen.ts';
import { createLogger, type LogLevel } from '../logging/logger.ts';
import { createMetrics } from '../metrics/metrics.ts';
import type { Platform } from '../platform.module.ts';
import { onShutdownSignal } from './shutdown.ts';

const USUAL_PORT = 8080;

/** The clock, logger, metrics and health of a process of its own. */
export function createServicePlatform(name: string, level: LogLevel): Platform {
  return {
    clock: new SystemClock(),
    logger: createLogger({ level, name, terminal: process.stdout.isTTY === true }),
    metrics: createMetrics({ withProcess: true }),
    health: new Health(),
  };
}

export interface ServedProcess {
  readonly name: string;
  readonly platform: Platform;
  readonly http: {
    /** Undefined: the usual port, or the next free one. */
    readonly port: number | undefined;
    readonly host: string;
    readonly trustedProxies: readonly string[];
  };
  readonly modules: readonly (Type | DynamicModule)[];
  readonly strategy: CustomTransportStrategy;
  /** Told where the process listens, before anybody can have asked. */
  readonly listening?: (where: Listening) => void;
  /** What to close after the application, in its order. */
  readonly closing: () => Promise<void>;
}

export interface Served {
  readonly app: NestFastifyApplication;
  readonly fastify: FastifyInstance;
  readonly where: Listening;
  /** As on a signal, but without ending the process. */
  close(): Promise<void>;
}

@Module({})
class RootModule {}

/** Starts the application, reads the log and listens. Whoever started it closes it. */
export async function startApp(options: ServedProcess): Promise<Served> {
  const { platform, http } = options;
  const root = { module: RootModule, imports: [...options.modules] };
  const { app, fastify } = await createHttpApp(root, platform, http);
  const close = async (): Promise<void> => {
    await app.close();
    await options.closing();
  };
  try {
    app.connectMicroservice({ strategy: options.strategy }, { inheritAppConfig: false });
    await app.init();
    await app.startAllMicroservices();
    const wanted = { host: http.host, port: http.port ?? USUAL_PORT, strict: http.port !== undefined };
    const where = await listenOn(fastify, wanted);
    options.listening?.(where);
    return { app, fastify, close, where };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

/** As `startApp`, for a process of its own: says where it listens, and ends cleanly on a signal. */
export async function serve(options: ServedProcess): Promise<Served> {
  const { platform, name } = options;
  const served = await startApp(options);
  onShutdownSignal({ ...platform, close: async () => await served.close() });
  const { host, port, moved } = served.where;
  platform.logger.info({ host, port }, `The ${name} listens.`);
  if (moved) platform.logger.warn({ port }, `Port ${USUAL_PORT} is taken; using ${port}.`);
  return served;
}
