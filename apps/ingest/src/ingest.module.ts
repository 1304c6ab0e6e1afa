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
import { CLOCK, Health, LOGGER, METRICS, type Clock, type Logger, type Metrics } from '#platform';
import { mountPingRoute } from './ping/ping.route.ts';
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

const INGEST_OPTIONS = Symbol('ingest options');

/** Pings in, log records out; depends on nothing but the log. */
@Module({})
export class IngestModule implements OnApplicationBootstrap, OnApplicationShutdown {
  static forRoot(options: IngestOptions): DynamicModule {
    return {
      module: IngestModule,
      controllers: [DefinitionsConsumer],
      providers: [
        { provide: INGEST_OPTIONS, useValue: options },
        {
          provide: CheckRegistry,
          inject: [EVENT_LOG, CLOCK],
          useFactory: (log: EventLog, clock: Clock) => new CheckRegistry(log, clock),
        },
        {
          provide: IngestProducer,
          inject: [EVENT_LOG, CLOCK, LOGGER, METRICS],
          useFactory: (log: EventLog, clock: Clock, logger: Logger, metrics: Metrics) => {
            const seconds = metrics.histogram(
              'holter_append_seconds',
              'Time until the log has a batch of pings.',
              [],
            );
            const pings = metrics.counter('holter_pings_appended_total', 'Pings that the log has.', []);
            return new IngestProducer({
              identity: identityIn(options.dataFolder),
              log,
              clock,
              logger,
              appended: (length, count) => {
                seconds.observe({}, length);
                pings.add({}, count);
              },
              ...(options.stallMs === undefined ? {} : { stallMs: options.stallMs }),
            });
          },
        },
      ],
    };
  }

  constructor(
    @Inject(INGEST_OPTIONS) options: IngestOptions,
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(CheckRegistry) private readonly registry: CheckRegistry,
    @Inject(IngestProducer) private readonly producer: IngestProducer,
    @Inject(CLOCK) clock: Clock,
    @Inject(METRICS) metrics: Metrics,
    @Inject(Health) health: Health,
  ) {
    const answered = metrics.counter('holter_pings_total', 'Answered pings, by dialect and status.', [
      'dialect',
      'answer',
    ]);
    health.add('registry', () =>
      registry.caughtUp ? null : 'the definitions of checks are still being read',
    );
    health.add('log', () => producer.trouble());
    const fastify: FastifyInstance = host.httpAdapter.getInstance();
    mountPingRoute(fastify, { registry, producer, clock, answered, bodyLimit: options.bodyLimit });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.producer.start();
    void this.registry.catchUp();
  }

  /** After the HTTP server stopped taking requests: what was taken is written, then we leave the log. */
  async onApplicationShutdown(): Promise<void> {
    await this.producer.stop();
  }
}
