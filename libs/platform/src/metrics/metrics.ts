import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Where the parts of a process put their numbers; read by `GET /metrics` as Prometheus text. */
export interface Metrics {
  counter<L extends string>(name: string, help: string, labels: readonly L[]): CounterOf<L>;
  gauge<L extends string>(name: string, help: string, labels: readonly L[]): GaugeOf<L>;
  histogram<L extends string>(name: string, help: string, labels: readonly L[]): HistogramOf<L>;
  text(): Promise<string>;
}

export interface CounterOf<L extends string> {
  add(labels: Record<L, string>, by?: number): void;
}

export interface GaugeOf<L extends string> {
  set(labels: Record<L, string>, value: number): void;
}

export interface HistogramOf<L extends string> {
  observe(labels: Record<L, string>, seconds: number): void;
}

/** From a fast local append (0.5 ms) to the longest send that is waited for (15 s). */
const SECONDS_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

/** A fresh registry per process (per test: no globals), with Node's own figures when `withProcess` is set. */
export function createMetrics(options: { withProcess: boolean }): Metrics {
  const registry = new Registry();
  if (options.withProcess) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    counter: (name, help, labelNames) => {
      const counter = new Counter({ name, help, labelNames: [...labelNames], registers });
      return { add: (labels, by = 1) => counter.inc(labels, by) };
    },
    gauge: (name, help, labelNames) => {
      const gauge = new Gauge({ name, help, labelNames: [...labelNames], registers });
      return { set: (labels, value) => gauge.set(labels, value) };
    },
    histogram: (name, help, labelNames) => {
      const buckets = SECONDS_BUCKETS;
      const histogram = new Histogram({ name, help, labelNames: [...labelNames], registers, buckets });
      return { observe: (labels, seconds) => histogram.observe(labels, seconds) };
    },
    text: () => registry.metrics(),
  };
}
