import type { ProducedBy } from './producer.ts';

/** Every ping of this producer and epoch that was stamped before `at` is already in this partition. */
export interface Watermark extends ProducedBy {
  readonly v: 1;
  readonly type: 'watermark';
  readonly at: number;
}

/** From here on this producer counts: none of its pings will be stamped before `at`. Ends its older epochs. */
export interface IngestJoined extends ProducedBy {
  readonly v: 1;
  readonly type: 'ingest.joined';
  readonly at: number;
}

/** A clean end; `at` is the producer's last watermark. */
export interface IngestLeft extends ProducedBy {
  readonly v: 1;
  readonly type: 'ingest.left';
  readonly at: number;
}

/** An evaluator judged a silent ingest dead. The first one counts, repeats change nothing. */
export interface IngestExpired extends ProducedBy {
  readonly v: 1;
  readonly type: 'ingest.expired';
  readonly expired: { readonly producer: string; readonly epoch: number };
  readonly leaseMs: number;
}
