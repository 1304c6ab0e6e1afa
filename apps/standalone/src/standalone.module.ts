import type { DynamicModule, Type } from '@nestjs/common';
import { EventLogModule, type EventLog } from '#event-log';
import { PersistenceModule, type Database } from '#persistence';
import { PlatformModule, type Cidr, type Platform } from '#platform';
import { ApiModule } from '../../api/src/api.module.ts';
import { EvaluatorModule } from '../../evaluator/src/evaluator.module.ts';
import { IngestModule } from '../../ingest/src/ingest.module.ts';
import { NotifierModule } from '../../notifier/src/notifier.module.ts';

export interface StandaloneOptions {
  readonly platform: Platform;
  readonly log: EventLog;
  readonly database: Database;
  readonly dataFolder: string;
  readonly bodyLimit: number;
  readonly allowedNetworks: readonly Cidr[];
  readonly adminKey: string;
  readonly publicUrl: () => string;
  readonly dashboardNeedsKey: boolean;
  /** See `IngestProducer`; only virtual time sets it. */
  readonly stallMs?: number;
}

/** The four services' modules for one process: the same code over one log, one database and one port. */
export function standaloneModules(options: StandaloneOptions): (Type | DynamicModule)[] {
  const { dataFolder, bodyLimit, stallMs } = options;
  return [
    PlatformModule.forRoot(options.platform),
    EventLogModule.forRoot(options.log),
    PersistenceModule.forRoot(options.database),
    IngestModule.forRoot({ dataFolder, bodyLimit, ...(stallMs === undefined ? {} : { stallMs }) }),
    EvaluatorModule,
    NotifierModule.forRoot({ allowedNetworks: options.allowedNetworks }),
    ApiModule.forRoot({
      adminKey: options.adminKey,
      publicUrl: options.publicUrl,
      dashboardNeedsKey: options.dashboardNeedsKey,
    }),
  ];
}
