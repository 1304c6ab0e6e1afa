import { Inject, Module, type DynamicModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { API_OPTIONS, type ApiOptions } from './api.options.ts';
import { Authenticator } from './auth/authenticator.ts';
import { ChannelController } from './channel/channel.controller.ts';
import { CheckController } from './check/check.controller.ts';
import { CheckService } from './check/check.service.ts';
import { HistoryController } from './check/history.controller.ts';
import { DashboardController } from './dashboard/dashboard.controller.ts';
import { DeliveryController } from './delivery/delivery.controller.ts';
import { Sessions } from './dashboard/sessions.ts';
import { takeRawBodies } from './http/raw-bodies.ts';
import { OutboxRelay } from './outbox/outbox-relay.ts';
import { ProjectController } from './project/project.controller.ts';
import { ProjectService } from './project/project.service.ts';
import { ProjectionConsumer } from './projection/beats.consumer.ts';
import { ProjectionProgress } from './projection/projection-progress.ts';
import { PreviewController } from './schedule/preview.controller.ts';
import { PublicPageController } from './status-page/public-page.controller.ts';
import { StatusPageController } from './status-page/status-page.controller.ts';
import { StatusPageService } from './status-page/status-page.service.ts';

/** What a single box needs of the API beside its module, at its first start. */
export { adminKeyOf } from './auth/admin-key.ts';
export { createFirstProject, type FirstProject } from './project/first-project.ts';

/** The admin API, the projections that it reads, the dashboard and the public status pages. */
@Module({})
export class ApiModule {
  static forRoot(options: ApiOptions): DynamicModule {
    return {
      module: ApiModule,
      controllers: [
        ProjectController,
        CheckController,
        HistoryController,
        ChannelController,
        DeliveryController,
        PreviewController,
        StatusPageController,
        PublicPageController,
        DashboardController,
        ProjectionConsumer,
      ],
      providers: [
        { provide: API_OPTIONS, useValue: options },
        Authenticator,
        CheckService,
        OutboxRelay,
        ProjectService,
        ProjectionProgress,
        Sessions,
        StatusPageService,
      ],
    };
  }

  constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost) {
    const fastify: FastifyInstance = host.httpAdapter.getInstance();
    takeRawBodies(fastify);
  }
}
