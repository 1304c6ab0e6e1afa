import { Module, type DynamicModule } from '@nestjs/common';
import type { EventLog } from './event-log.ts';

export const EVENT_LOG = Symbol('event log');

/** Hands one opened log to every module of the process. Whoever opened it closes it. */
@Module({})
export class EventLogModule {
  static forRoot(log: EventLog): DynamicModule {
    const providers = [{ provide: EVENT_LOG, useValue: log }];
    return { module: EventLogModule, global: true, providers, exports: [EVENT_LOG] };
  }
}
