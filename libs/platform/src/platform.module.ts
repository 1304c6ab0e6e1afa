import { Module, type DynamicModule } from '@nestjs/common';
import type { Clock } from './clock/clock.ts';
import type { Health } from './health/health.ts';
import type { Logger } from './logging/logger.ts';
import type { Metrics } from './metrics/metrics.ts';

export const PLATFORM = Symbol('platform');

/** What every part of a process is given. */
export interface Platform {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
}

/** Hands the platform to every module of the process. */
@Module({})
export class PlatformModule {
  static forRoot(platform: Platform): DynamicModule {
    const providers = [{ provide: PLATFORM, useValue: platform }];
    return { module: PlatformModule, global: true, providers, exports: [PLATFORM] };
  }
}
