import { Module } from '@nestjs/common';
import { EvaluatorMetrics } from './evaluator.metrics.ts';
import { Janitor } from './janitor/janitor.ts';
import { BeatsConsumer } from './partition/beats.consumer.ts';
import { VerdictTail } from './verdict/verdict-tail.ts';

/** Folds `holter.beats` into verdicts on `holter.transitions`. Depends on the log alone. */
@Module({ controllers: [BeatsConsumer], providers: [EvaluatorMetrics, Janitor, VerdictTail] })
export class EvaluatorModule {}
