import { decodeVerdict, type LogBatch } from '#event-log';

interface Tail {
  nextOffset: number;
  oseq: number;
}

/**
 * Knows the number of the newest verdict that is already out on each partition, whoever wrote it: what this evaluator
 * folds anew after a start, or what a twin was quicker with, is not written again.
 */
export class VerdictTail {
  readonly #tails = new Map<number, Tail>();
  readonly #waiting = new Set<() => void>();

  /** The newest number that is out. */
  oseqOf(partition: number): number {
    return this.#tails.get(partition)?.oseq ?? 0;
  }

  take(batch: LogBatch): void {
    const tail = this.#tails.get(batch.partition) ?? { nextOffset: 0, oseq: 0 };
    for (const { value } of batch.records) {
      const decoded = value === null ? null : decodeVerdict(value);
      if (decoded?.ok && decoded.event.oseq > tail.oseq) tail.oseq = decoded.event.oseq;
    }
    tail.nextOffset = batch.nextOffset;
    this.#tails.set(batch.partition, tail);
    for (const look of this.#waiting) look();
  }

  /** Resolves when everything before `offset` of the partition was seen. */
  async caughtUpTo(partition: number, offset: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if ((this.#tails.get(partition)?.nextOffset ?? 0) < offset) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
