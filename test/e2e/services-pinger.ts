import { setTimeout as wait } from 'node:timers/promises';

const PING_EVERY_MS = 1_000;
const RETRY_EVERY_MS = 200;

/** A job that pings its check once a second and, like `curl --retry`, does not give up while nobody answers. */
export class Pinger {
  acknowledged = 0;
  readonly #ending = new AbortController();
  readonly #done: Promise<void>;

  constructor(private readonly url: string) {
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      await this.ping(this.#ending.signal);
      await wait(PING_EVERY_MS, undefined, { signal: this.#ending.signal }).catch(() => undefined);
    }
  }

  /** One ping, tried until it is acknowledged or the job is ended. */
  async ping(signal?: AbortSignal): Promise<void> {
    while (signal?.aborted !== true) {
      const answer = await fetch(this.url, { signal: AbortSignal.timeout(15_000) }).catch(() => null);
      const text = await answer?.text().catch(() => null);
      if (answer?.status === 200 && text === 'OK') {
        this.acknowledged += 1;
        return;
      }
      await wait(RETRY_EVERY_MS);
    }
  }
}
