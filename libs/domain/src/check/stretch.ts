/** A stretch of time, from the first instant to before the last. */
export interface Stretch {
  readonly fromAt: number;
  readonly untilAt: number;
}
