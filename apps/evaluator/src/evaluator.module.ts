import { Module } from '@nestjs/common';
import { EvaluatorMetrics } from './evaluator.metrics.ts';
import { Janitor } from './janitor/janitor.ts';
import { BeatsConsumer } from './partition/beats.consumer.ts';

/** Folds `holter.beats` into verdicts on `holter.transitions`. Depends on the log alone. */
@Module({ controllers: [BeatsConsumer], providers: [EvaluatorMetrics, Janitor] })
export class EvaluatorModule {}
