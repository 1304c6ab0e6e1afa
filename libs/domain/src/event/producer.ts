/**
 * Who appended a record. `pseq` is dense per partition within (producer, epoch), so that a repeated append is
 * recognised and a missing one noticed without help from the log's client.
 */
export interface ProducedBy {
  readonly producer: string;
  readonly epoch: number;
  readonly pseq: number;
}
