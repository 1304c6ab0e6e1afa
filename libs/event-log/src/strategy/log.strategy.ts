import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { EventLogError, type EventLog, type Following, type LogBatch } from '../event-log.ts';
import { parsePattern, type ReaderPatterns } from './patterns.ts';

/**
 * Nest's side of the log port: handlers are declared with `@EventPattern` (batches, releases) and `@MessagePattern`
 * (where to start); order, retry and ownership stay the port's. One strategy serves all readers of a process.
 */
export class LogStrategy extends Server implements CustomTransportStrategy {
  /** A failed handler must reach the port, which then offers the batch again. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #followings: Following[] = [];

  constructor(private readonly eventLog: EventLog) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.#followAll().then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#followings.splice(0).map(async (following) => await following.stop()));
  }

  on(): never {
    throw new EventLogError('The log has no events to listen to; declare a handler with @EventPattern.');
  }

  unwrap<T>(): T {
    throw new EventLogError('The log has no client to unwrap; use the port.');
  }

  async #followAll(): Promise<void> {
    for (const pattern of this.messageHandlers.keys()) {
      const reader = parsePattern(pattern);
      if (reader === null) continue;
      const { topic, group, patterns } = reader;
      this.#followings.push(
        await this.eventLog.follow({
          topic,
          group,
          startAt: async (partition) => await this.#askStart(patterns, partition),
          deliver: async (batch) => {
            await this.#ask(patterns.batch, batch);
          },
          released: (partition) => {
            if (this.messageHandlers.has(patterns.released)) void this.#ask(patterns.released, { partition });
          },
        }),
      );
    }
  }

  async #askStart(patterns: ReaderPatterns, partition: number): Promise<number> {
    const answer = await this.#ask(patterns.start, { partition });
    if (typeof answer !== 'number')
      throw new EventLogError(`The handler of ${patterns.start} must answer an offset.`);
    return answer;
  }

  /** Calls a handler through Nest, so that its guards, pipes and filters apply, and waits for it to be done. */
  async #ask(pattern: string, payload: LogBatch | { partition: number }): Promise<unknown> {
    const handler: MessageHandler | undefined = this.messageHandlers.get(pattern);
    if (handler === undefined) throw new EventLogError(`Nobody declared a handler for ${pattern}.`);
    const answer: unknown = await handler(payload, {});
    return isObservable(answer) ? await lastValueFrom(answer, { defaultValue: undefined }) : answer;
  }
}
