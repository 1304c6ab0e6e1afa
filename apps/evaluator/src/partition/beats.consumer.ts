import { Controller, Inject } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import {
  BEATS,
  EVENT_LOG,
  TRANSITIONS,
  everyReader,
  sharedReader,
  type EventLog,
  type LogBatch,
} from '#event-log';
import { PLATFORM, type Logger, type Platform } from '#platform';
import { EvaluatorMetrics } from '../evaluator.metrics.ts';
import { Janitor } from '../janitor/janitor.ts';
import { VerdictTail } from '../verdict/verdict-tail.ts';
import { PartitionEvaluator } from './partition-evaluator.ts';

const BEATS_READER = sharedReader(BEATS, 'evaluator');
const TAIL_READER = everyReader(TRANSITIONS, 'tail');

/** The log's beats in, verdicts out; the verdicts' tail beside it, so that nothing is written twice. */
@Controller()
export class BeatsConsumer {
  readonly #logger: Logger;
  readonly #tail = new VerdictTail();
  readonly #evaluators = new Map<number, PartitionEvaluator>();

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(Janitor) private readonly janitor: Janitor,
    @Inject(EvaluatorMetrics) private readonly metrics: EvaluatorMetrics,
    @Inject(PLATFORM) { logger, health }: Platform,
  ) {
    this.#logger = logger;
    health.add('evaluator', () =>
      this.#evaluators.size > 0 ? null : 'no partition is owned by this evaluator yet',
    );
  }

  /** A partition is won: what is out on it must be known before its first verdict is pronounced again. */
  @MessagePattern(BEATS_READER.start)
  async start(@Payload() { partition }: { partition: number }): Promise<number> {
    await this.#tail.caughtUpTo(partition, await this.log.endOffset(TRANSITIONS, partition));
    const evaluator = new PartitionEvaluator(partition, this.log, this.#tail);
    this.#evaluators.set(partition, evaluator);
    this.janitor.watch(evaluator.state);
    this.#logger.info({ partition, writtenAlready: this.#tail.oseqOf(partition) }, 'Judging a partition.');
    return 0;
  }

  @EventPattern<string>(BEATS_READER.batch)
  async take(@Payload() batch: LogBatch): Promise<void> {
    const evaluator = this.#evaluators.get(batch.partition);
    if (evaluator === undefined) throw new Error(`Partition ${batch.partition} is not judged here.`);
    const taken = await evaluator.take(batch);
    for (const { offset, reason } of taken.unreadable) {
      this.#logger.error(
        { partition: batch.partition, offset, reason },
        'A record of the log cannot be read.',
      );
    }
    this.metrics.taken(evaluator.state, taken);
  }

  @EventPattern<string>(BEATS_READER.released)
  released(@Payload() { partition }: { partition: number }): void {
    this.#evaluators.delete(partition);
    this.janitor.forget(partition);
  }

  /** Only the newest verdict matters: its number says what is out. */
  @MessagePattern(TAIL_READER.start)
  async startTail(@Payload() { partition }: { partition: number }): Promise<number> {
    return Math.max(0, (await this.log.endOffset(TRANSITIONS, partition)) - 1);
  }

  @EventPattern<string>(TAIL_READER.batch)
  takeTail(@Payload() batch: LogBatch): void {
    this.#tail.take(batch);
  }
}
