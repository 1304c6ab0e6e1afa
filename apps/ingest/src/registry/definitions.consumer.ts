import { Controller, Inject } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { DEFINITIONS, everyReader, type LogBatch } from '#event-log';
import { CheckRegistry } from './check-registry.ts';

const READER = everyReader(DEFINITIONS, 'registry');

/** Feeds the registry: every ingest reads all definitions from the beginning. */
@Controller()
export class DefinitionsConsumer {
  constructor(@Inject(CheckRegistry) private readonly registry: CheckRegistry) {}

  @MessagePattern(READER.start)
  start(): number {
    return 0;
  }

  @EventPattern<string>(READER.batch)
  take(@Payload() batch: LogBatch): void {
    this.registry.take(batch);
  }
}
