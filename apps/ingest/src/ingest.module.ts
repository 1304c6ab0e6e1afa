import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { EVENT_LOG, type EventLog } from '#event-log';
import { PLATFORM, type Platform } from '#platform';
import { mountPingRoute, type PingRouteParts } from './ping/ping.route.ts';
import { identityIn } from './producer/identity.ts';
import { IngestProducer } from './producer/ingest-producer.ts';
import { CheckRegistry } from './registry/check-registry.ts';
import { DefinitionsConsumer } from './registry/definitions.consumer.ts';

export interface IngestOptions {
  /** Where this ingest keeps who it is. */
  readonly dataFolder: string;
  /** Bytes kept of a body. */
  readonly bodyLimit: number;
  /** See `IngestProducer`; only virtual time sets it. */
  readonly stallMs?: number;
}

const ROUTE_PARTS = Symbol('ping route parts');

/** Pings in, log records out; depends on nothing but the log. */
@Module({})
export class IngestModule implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #ending = new AbortController();

  static forRoot(options: IngestOptions): DynamicModule {
    return {
      module: IngestModule,
      controllers: [DefinitionsConsumer],
      providers: [
        {
          provide: CheckRegistry,
          inject: [EVENT_LOG, PLATFORM],
          useFactory: (log: EventLog, { clock }: Platform) => new CheckRegistry(log, clock),
        },
        {
          provide: IngestProducer,
          inject: [EVENT_LOG, PLATFORM],
          useFactory: (log: EventLog, platform: Platform) => producerFor(options, log, platform),
        },
        {
          provide: ROUTE_PARTS,
          inject: [CheckRegistry, IngestProducer, PLATFORM],
          useFactory: (
            registry: CheckRegistry,
            producer: IngestProducer,
            { clock, metrics }: Platform,
          ): PingRouteParts => ({
            registry,
            producer,
            clock,
            bodyLimit: options.bodyLimit,
            answered: metrics.counter('holter_pings_total', 'Answered pings, by dialect and status.', [
              'dialect',
              'answer',
            ]),
          }),
        },
      ],
    };
  }

  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(ROUTE_PARTS) private readonly parts: PingRouteParts,
    @Inject(PLATFORM) { health }: Platform,
  ) {
    const { registry, producer } = parts;
    health.add('registry', () =>
      registry.caughtUp ? null : 'the definitions of checks are still being read',
    );
    health.add('log', () => producer.trouble());
    const fastify: FastifyInstance = host.httpAdapter.getInstance();
    mountPingRoute(fastify, parts);
  }

  onApplicationBootstrap(): void {
    this.parts.producer.start();
    void this.parts.registry.catchUp(this.#ending.signal);
  }

  /** After the HTTP server stopped taking requests: what was taken is written, then we leave the log. */
  async onApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await this.parts.producer.stop();
  }
}

function producerFor(
  options: IngestOptions,
  log: EventLog,
  { clock, logger, metrics }: Platform,
): IngestProducer {
  const seconds = metrics.histogram('holter_append_seconds', 'Time until the log has a batch of pings.', []);
  const pings = metrics.counter('holter_pings_appended_total', 'Pings that the log has.', []);
  const appended = (length: number, count: number): void => {
    seconds.observe({}, length);
    pings.add({}, count);
  };
  const identity = identityIn(options.dataFolder);
  const stall = options.stallMs === undefined ? {} : { stallMs: options.stallMs };
  return new IngestProducer({ identity, log, clock, logger, appended, ...stall });
}
