import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { PLATFORM, createGuardedHttp, type Cidr, type GuardedHttp, type Platform } from '#platform';
import { createWebhookChannel } from './channel/webhook/webhook.channel.ts';
import { DeliverySender, WEBHOOK_CHANNEL } from './delivery/delivery-sender.ts';
import { Planner } from './planning/planner.ts';
import { TransitionsConsumer } from './planning/transitions.consumer.ts';

export interface NotifierOptions {
  /** Private networks that webhooks may reach all the same. */
  readonly allowedNetworks: readonly Cidr[];
}

const GUARDED_HTTP = Symbol('guarded http');
const USER_AGENT = 'Holter (heartbeat monitor)';

/** Transitions in, deliveries out. */
@Module({})
export class NotifierModule implements OnApplicationShutdown {
  static forRoot(options: NotifierOptions): DynamicModule {
    return {
      module: NotifierModule,
      controllers: [TransitionsConsumer],
      providers: [
        Planner,
        DeliverySender,
        {
          provide: GUARDED_HTTP,
          inject: [PLATFORM],
          useFactory: ({ clock }: Platform) =>
            createGuardedHttp({ allowed: options.allowedNetworks, clock, userAgent: USER_AGENT }),
        },
        {
          provide: WEBHOOK_CHANNEL,
          inject: [GUARDED_HTTP, PLATFORM],
          useFactory: (http: GuardedHttp, { clock }: Platform) => createWebhookChannel({ http, clock }),
        },
      ],
    };
  }

  constructor(@Inject(GUARDED_HTTP) private readonly http: GuardedHttp) {}

  /** After the sender has recorded what was in flight. */
  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }
}
