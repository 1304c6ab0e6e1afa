import { Controller, Inject } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { BEATS, sharedReader, type LogBatch } from '#event-log';
import { ProjectionProgress } from './projection-progress.ts';

const READER = sharedReader(BEATS, 'projector');

/** The log's beats into PostgreSQL's tables for reading. */
@Controller()
export class ProjectionConsumer {
  constructor(@Inject(ProjectionProgress) private readonly progress: ProjectionProgress) {}

  @MessagePattern(READER.start)
  async start(@Payload() { partition }: { partition: number }): Promise<number> {
    await this.progress.begin(partition);
    return 0;
  }

  @EventPattern<string>(READER.batch)
  async take(@Payload() batch: LogBatch): Promise<void> {
    await this.progress.take(batch);
  }

  @EventPattern<string>(READER.released)
  released(@Payload() { partition }: { partition: number }): void {
    this.progress.end(partition);
  }
}
