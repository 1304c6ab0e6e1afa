import type { CheckDefinition } from '#domain';
import { DEFINITIONS, decodeDefinition, type EventLog, type LogBatch } from '#event-log';
import type { Clock } from '#platform';

/** How long a ping to an unknown check waits for definitions that are already in the log. */
const CATCH_UP_LIMIT_MS = 1_000;

/** How long until the end of the log is asked for again while it does not answer. */
const ASK_AGAIN_MS = 500;

/** `behind`: there may be such a check, but its definition has not been read yet. Never to be answered as `none`. */
export type Lookup =
  | { readonly kind: 'one'; readonly check: CheckDefinition }
  | { readonly kind: 'none' | 'ambiguous' | 'behind' };

/** Which checks there are, folded from `holter.definitions` in memory, so that no ping waits for a database. */
export class CheckRegistry {
  readonly #byId = new Map<string, CheckDefinition>();
  readonly #bySlug = new Map<string, Set<string>>();
  readonly #waiting = new Set<() => void>();
  #nextOffset = 0;
  #caughtUp = false;

  constructor(
    private readonly log: Pick<EventLog, 'endOffset'>,
    private readonly clock: Clock,
  ) {}

  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  take(batch: LogBatch): void {
    for (const { key, value } of batch.records) {
      const definition = value === null ? null : decodeDefinition(value);
      if (value === null) this.#forget(key);
      else if (definition !== null) this.#put(definition);
    }
    this.#nextOffset = Math.max(this.#nextOffset, batch.nextOffset);
    for (const look of this.#waiting) look();
  }

  /** Ready to serve once everything that was defined before the start is known. Asks until the log answers. */
  async catchUp(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const end = await this.log.endOffset(DEFINITIONS, 0).catch(() => null);
      if (end !== null) {
        await this.#reached(end, signal);
        this.#caughtUp = !signal.aborted;
        return;
      }
      await this.clock.sleep(ASK_AGAIN_MS, signal);
    }
  }

  /** The check of this id. A miss first waits until what is in the log now is known. */
  async byId(checkId: string): Promise<Lookup> {
    return this.#idMatch(checkId) ?? (await this.#afterNews(() => this.#idMatch(checkId)));
  }

  /** The check of this slug, waiting as `byId` does. */
  async bySlug(pingKey: string, slug: string): Promise<Lookup> {
    return this.#slugMatch(pingKey, slug) ?? (await this.#afterNews(() => this.#slugMatch(pingKey, slug)));
  }

  async #afterNews(match: () => Lookup | null): Promise<Lookup> {
    const complete = await this.#waitForNews();
    return match() ?? { kind: complete ? 'none' : 'behind' };
  }

  #idMatch(checkId: string): Lookup | null {
    const check = this.#byId.get(checkId);
    return check === undefined ? null : { kind: 'one', check };
  }

  #slugMatch(pingKey: string, slug: string): Lookup | null {
    const ids = [...(this.#bySlug.get(`${pingKey}/${slug}`) ?? [])];
    const check = ids[0] === undefined ? undefined : this.#byId.get(ids[0]);
    if (check === undefined) return null;
    return ids.length > 1 ? { kind: 'ambiguous' } : { kind: 'one', check };
  }

  #put(definition: CheckDefinition): void {
    this.#forget(definition.checkId);
    this.#byId.set(definition.checkId, definition);
    if (definition.slug === '') return;
    const key = `${definition.pingKey}/${definition.slug}`;
    const ids = this.#bySlug.get(key) ?? new Set();
    this.#bySlug.set(key, ids.add(definition.checkId));
  }

  #forget(checkId: string): void {
    const known = this.#byId.get(checkId);
    if (known === undefined) return;
    this.#byId.delete(checkId);
    const key = `${known.pingKey}/${known.slug}`;
    const ids = this.#bySlug.get(key);
    ids?.delete(checkId);
    if (ids?.size === 0) this.#bySlug.delete(key);
  }

  /**
   * True once everything that is in the log now is known; false when that takes too long. While the log does not
   * answer, nothing new can be in it: then what was known when we started is all there is.
   */
  async #waitForNews(): Promise<boolean> {
    const limit = new AbortController();
    const cancel = this.clock.after(CATCH_UP_LIMIT_MS, () => limit.abort());
    const tooLong = new Promise<null>((resolve) => {
      limit.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    try {
      const end = await Promise.race([this.log.endOffset(DEFINITIONS, 0).catch(() => null), tooLong]);
      if (end === null) return this.#caughtUp;
      await this.#reached(end, limit.signal);
      return this.#nextOffset >= end;
    } finally {
      cancel();
      limit.abort();
    }
  }

  /** Resolves when everything before `offset` was read, or when the signal says that it is too late. */
  async #reached(offset: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.#nextOffset < offset && !signal.aborted) return;
        this.#waiting.delete(look);
        signal.removeEventListener('abort', look);
        resolve();
      };
      this.#waiting.add(look);
      signal.addEventListener('abort', look, { once: true });
      look();
    });
  }
}
