/**
 * Rules of the fold that a test can switch off one by one, to see that the simulation notices. The package does not
 * export them: what is deployed has no way to reach them.
 */
export interface RuleSwitches {
  /** Pings wait for the clock and are applied in the order of their stamps. */
  readonly sortedRelease: boolean;
  /** A record with a number that was seen before counts for nothing. */
  readonly repeatsDropped: boolean;
  /** A dead ingest's clients get time to come back by another one. */
  readonly softHoles: boolean;
  /** What was expected while nobody listened is not judged. */
  readonly holesVoid: boolean;
  /** Every open run is watched, not only the newest. */
  readonly runsWatchedEach: boolean;
  /** Misses and failures count up to their thresholds before the check is down. */
  readonly thresholds: boolean;
  /** A fixed job in the hour that a clock jumps over is expected right after it. */
  readonly gapCatchUp: boolean;
  /** A ping that was in time and read late takes its miss back. */
  readonly retractions: boolean;
}

export const ALL_RULES: RuleSwitches = {
  sortedRelease: true,
  repeatsDropped: true,
  softHoles: true,
  holesVoid: true,
  runsWatchedEach: true,
  thresholds: true,
  gapCatchUp: true,
  retractions: true,
};
