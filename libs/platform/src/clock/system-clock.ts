import type { Clock } from './clock.ts';

/**
 * When the machine's clock was set back, ours runs at this share of real speed until both agree again.
 * Half speed makes up one second in two and never stands still, so deadlines keep passing.
 */
const CATCH_UP_SPEED = 0.5;

/**
 * The machine's clock, anchored to the monotonic one: a step back of the wall clock (NTP, an operator) never
 * reaches a caller, a step forward (a resumed laptop) does.
 */
export class SystemClock implements Clock {
  #anchorWall: number;
  #anchorMonotonic: number;

  constructor(
    private readonly wall: () => number = () => Date.now(),
    readonly monotonic: () => number = () => performance.now(),
  ) {
    this.#anchorWall = this.wall();
    this.#anchorMonotonic = this.monotonic();
  }

  now(): number {
    const monotonic = this.monotonic();
    const elapsed = Math.max(0, monotonic - this.#anchorMonotonic);
    const expected = this.#anchorWall + elapsed;
    const wall = this.wall();
    this.#anchorWall = wall >= expected ? wall : Math.max(wall, this.#anchorWall + elapsed * CATCH_UP_SPEED);
    this.#anchorMonotonic = monotonic;
    return Math.floor(this.#anchorWall);
  }

  sleep(lengthMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, lengthMs);
      signal?.addEventListener('abort', finish, { once: true });
    });
  }

  after(lengthMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, lengthMs);
    timer.unref();
    return () => clearTimeout(timer);
  }
}
