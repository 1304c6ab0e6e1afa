import type { Clock, Logger } from '#platform';
import type { LogBatch, Subscription } from './event-log.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Hands a batch over until it is taken: a rejection is logged and the very same batch is offered again after a
 * growing pause, because skipping a record would change verdicts. Answers false when `signal` ended the tries.
 */
export async function deliverUntilTaken(
  subscription: Subscription,
  batch: LogBatch,
  parts: { readonly clock: Clock; readonly logger: Logger; readonly signal: AbortSignal },
): Promise<boolean> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!parts.signal.aborted) {
    try {
      await subscription.deliver(batch);
      return true;
    } catch (error) {
      const { topic, partition } = batch;
      const fields = { err: error, topic, partition, group: subscription.group, pauseMs };
      parts.logger.warn(fields, 'A batch was not taken; it will be offered again.');
      await parts.clock.sleep(pauseMs, parts.signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
  return false;
}
