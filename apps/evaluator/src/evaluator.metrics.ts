import { Inject, Injectable } from '@nestjs/common';
import type { PartitionState } from '#domain';
import { PLATFORM, type Clock, type CounterOf, type GaugeOf, type Platform } from '#platform';
import type { Taken } from './partition/partition-evaluator.ts';

/** The evaluator's numbers: verdicts by type, and how far each partition's clock is behind the present. */
@Injectable()
export class EvaluatorMetrics {
  readonly #clock: Clock;
  readonly #verdicts: CounterOf<'type'>;
  readonly #dropped: CounterOf<'reason'>;
  readonly #gaps: CounterOf<'partition'>;
  readonly #lag: GaugeOf<'partition'>;

  constructor(@Inject(PLATFORM) { metrics, clock }: Platform) {
    this.#clock = clock;
    this.#verdicts = metrics.counter('holter_transitions_total', 'Verdicts written to the log, by type.', [
      'type',
    ]);
    this.#dropped = metrics.counter('holter_fold_dropped_total', 'Records that changed nothing, by reason.', [
      'reason',
    ]);
    this.#gaps = metrics.counter(
      'holter_fold_missing_total',
      'Records that producers numbered but the log lacks.',
      ['partition'],
    );
    this.#lag = metrics.gauge('holter_clock_lag_seconds', 'How far the clock of a partition is behind.', [
      'partition',
    ]);
  }

  taken({ partition, clockAt }: PartitionState, { remarkable, unreadable, written }: Taken): void {
    const label = String(partition);
    for (const effect of remarkable) {
      if (effect.kind === 'dropped') this.#dropped.add({ reason: effect.reason });
      else this.#gaps.add({ partition: label }, effect.missing);
    }
    for (const { reason } of unreadable) this.#dropped.add({ reason });
    if (clockAt > 0) this.#lag.set({ partition: label }, Math.max(0, this.#clock.now() - clockAt) / 1_000);
    for (const { type } of written) this.#verdicts.add({ type });
  }
}
