import { Module, type DynamicModule } from '@nestjs/common';
import { CLOCK, createGuardedHttp, type Cidr, type Clock } from '#platform';
import { createWebhookChannel } from './channel/webhook/webhook.channel.ts';
import { DeliverySender, WEBHOOK_CHANNEL } from './delivery/delivery-sender.ts';
import { Planner } from './planning/planner.ts';
import { TransitionsConsumer } from './planning/transitions.consumer.ts';

export interface NotifierOptions {
  /** Private networks that webhooks may reach all the same. */
  readonly allowedNetworks: readonly Cidr[];
}

/** Transitions in, deliveries out. */
@Module({})
export class NotifierModule {
  static forRoot(options: NotifierOptions): DynamicModule {
    return {
      module: NotifierModule,
      controllers: [TransitionsConsumer],
      providers: [
        Planner,
        DeliverySender,
        {
          provide: WEBHOOK_CHANNEL,
          inject: [CLOCK],
          useFactory: (clock: Clock) =>
            createWebhookChannel({
              http: createGuardedHttp({ allowed: options.allowedNetworks, clock, userAgent: 'Holter (heartbeat monitor)' }),
              clock,
            }),
        },
      ],
    };
  }
}
