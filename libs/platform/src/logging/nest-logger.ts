import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.ts';

/** Nest's own messages through our logger; its start-up chatter is only of interest when debugging. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, trace?: unknown, context?: unknown): void {
    this.logger.error({ context, trace }, String(message));
  }

  fatal(message: unknown, context?: unknown): void {
    this.logger.error({ context }, String(message));
  }
}
