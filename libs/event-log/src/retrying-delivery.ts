import type { Clock, Logger } from '#platform';
import type { LogBatch, Subscription } from './event-log.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** What asking a subscriber again needs; `signal` ends the tries. */
export interface RetryParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Hands a batch over until it is taken: a rejection is logged and the very same batch is offered again after a
 * growing pause, because skipping a record would change verdicts. Answers false when `signal` ended the tries.
 */
export async function deliverUntilTaken(
  subscription: Subscription,
  batch: LogBatch,
  parts: RetryParts,
): Promise<boolean> {
  const { topic, partition } = batch;
  const fields = { topic, partition, group: subscription.group };
  const taken = await tryUntilDone(
    parts,
    fields,
    'A batch was not taken; it will be offered again.',
    async () => {
      await subscription.deliver(batch);
      return true;
    },
  );
  return taken ?? false;
}

/** Asks where to begin until there is an answer; null when `signal` ended the tries. */
export async function startUntilAnswered(
  subscription: Subscription,
  partition: number,
  parts: RetryParts,
): Promise<number | null> {
  // A subscriber is asked in a later turn, when the partition already counts as owned.
  await Promise.resolve();
  const fields = { topic: subscription.topic, partition, group: subscription.group };
  const message = 'Where to begin reading could not be found out; asking again.';
  return await tryUntilDone(parts, fields, message, async () => await subscription.startAt(partition));
}

/** Tries with growing pauses until `attempt` succeeds; null when `signal` ended the tries. */
export async function tryUntilDone<T>(
  { clock, logger, signal }: RetryParts,
  fields: object,
  message: string,
  attempt: () => Promise<T>,
): Promise<T | null> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) break;
      logger.warn({ ...fields, err: error, pauseMs }, message);
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
  return null;
}
