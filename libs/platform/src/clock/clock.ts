/**
 * Time as a port. Product code asks this and nothing else for the time or for a wake-up, so that a test can
 * move a month in one step. All instants are milliseconds since the Unix epoch, all lengths milliseconds.
 */
export interface Clock {
  /** The present instant. Never steps back within one process, whatever happens to the machine's clock. */
  now(): number;
  /** Milliseconds that only ever grow, for measuring how long something took. Not an instant. */
  monotonic(): number;
  /** Resolves after `lengthMs`, or at once (without error) when `signal` aborts. */
  sleep(lengthMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` once after `lengthMs`; the answer cancels it. Does not keep the process alive. */
  after(lengthMs: number, callback: () => void): () => void;
}
