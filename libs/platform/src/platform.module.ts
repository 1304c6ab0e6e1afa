import { Module, type DynamicModule } from '@nestjs/common';
import type { Clock } from './clock/clock.ts';
import { Health } from './health/health.ts';
import type { Logger } from './logging/logger.ts';
import type { Metrics } from './metrics/metrics.ts';

export const CLOCK = Symbol('clock');
export const LOGGER = Symbol('logger');
export const METRICS = Symbol('metrics');

/** What every part of a process is given. */
export interface Platform {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
}

/** Hands clock, logger, metrics and health to every module of the process. */
@Module({})
export class PlatformModule {
  static forRoot(platform: Platform): DynamicModule {
    const providers = [
      { provide: CLOCK, useValue: platform.clock },
      { provide: LOGGER, useValue: platform.logger },
      { provide: METRICS, useValue: platform.metrics },
      { provide: Health, useValue: platform.health },
    ];
    return { module: PlatformModule, global: true, providers, exports: [CLOCK, LOGGER, METRICS, Health] };
  }
}
