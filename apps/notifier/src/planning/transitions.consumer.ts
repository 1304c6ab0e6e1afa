import { Controller, Inject } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { TRANSITIONS, sharedReader, type LogBatch } from '#event-log';
import { Planner } from './planner.ts';

const READER = sharedReader(TRANSITIONS, 'notifier');

/** Transitions in, deliveries out; where it stands is in PostgreSQL beside what it wrote. */
@Controller()
export class TransitionsConsumer {
  constructor(@Inject(Planner) private readonly planner: Planner) {}

  @MessagePattern(READER.start)
  async start(@Payload() { partition }: { partition: number }): Promise<number> {
    return await this.planner.startAt(partition);
  }

  @EventPattern<string>(READER.batch)
  async take(@Payload() batch: LogBatch): Promise<void> {
    await this.planner.plan(batch);
  }
}
