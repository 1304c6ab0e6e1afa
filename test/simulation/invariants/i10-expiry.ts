import { since, type Examined, type Invariant } from './finding.ts';

/** A janitor's clock that is set forward counts a little too much, and its verdict takes a moment to be appended. */
const SLACK_MS = 2_600;

/**
 * I10: nobody is judged dead for our own outage: an ingest is expired only if nothing of it was appended for a lease,
 * counted from when the log could last not be written.
 */
export const expiry: Invariant = ({ world }: Examined) =>
  world.truth.partitions.flatMap(({ expiries }) =>
    expiries.flatMap(({ partition, producer, at, silentSinceAt }) => {
      if (at - silentSinceAt >= world.plan.pace.leaseMs - SLACK_MS) return [];
      const what = `partition ${partition}: ${producer} was expired at ${since(world, at)}, but was silent only since ${since(world, silentSinceAt)}`;
      return [{ invariant: 'I10', what }];
    }),
  );
