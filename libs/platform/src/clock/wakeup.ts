import type { Clock } from './clock.ts';

/** Lets a reader wait for "something may be new", with a limit, without missing a call that came a moment before. */
export class Wakeup {
  #called = false;
  #waiting: (() => void) | null = null;

  call(): void {
    this.#called = true;
    this.#waiting?.();
  }

  /** Resolves when called (also when called since the last wait), after `limitMs`, or when `signal` aborts. */
  async wait(clock: Clock, limitMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#called && !signal.aborted) {
      const until = new AbortController();
      const stop = (): void => until.abort();
      this.#waiting = stop;
      signal.addEventListener('abort', stop, { once: true });
      await clock.sleep(limitMs, until.signal);
      signal.removeEventListener('abort', stop);
      this.#waiting = null;
    }
    this.#called = false;
  }
}
