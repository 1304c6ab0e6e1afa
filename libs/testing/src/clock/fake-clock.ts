import type { Clock } from '#platform';

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly ring: () => void;
}

/** Virtual time: stands still until a test moves it, and then moves in one step. */
export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  #alarms: Alarm[] = [];

  constructor(startAt: number) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  sleep(lengthMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const cancel = this.after(lengthMs, () => {
        signal?.removeEventListener('abort', finish);
        resolve();
      });
      const finish = (): void => {
        cancel();
        resolve();
      };
      signal?.addEventListener('abort', finish, { once: true });
    });
  }

  after(lengthMs: number, callback: () => void): () => void {
    this.#order += 1;
    const alarm = { at: this.#now + lengthMs, order: this.#order, ring: callback };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((one) => one !== alarm);
    };
  }

  /** Moves time forward and rings what became due, each once, in order. What rings sees the new time. */
  advanceTo(at: number): void {
    if (at < this.#now) throw new Error('Time does not go back.');
    this.#now = at;
    const due = this.#alarms
      .filter((alarm) => alarm.at <= at)
      .sort((left, right) => left.at - right.at || left.order - right.order);
    this.#alarms = this.#alarms.filter((alarm) => alarm.at > at);
    for (const alarm of due) alarm.ring();
  }
}
