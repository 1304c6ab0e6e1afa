import type { CheckDefinition } from '#domain';
import { DEFINITIONS, decodeDefinition, type EventLog, type LogBatch } from '#event-log';
import type { Clock } from '#platform';

/** How long a ping to an unknown check waits for definitions that are already in the log. */
const CATCH_UP_LIMIT_MS = 1_000;

export type SlugMatch =
  | { readonly kind: 'one'; readonly check: CheckDefinition }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous' };

/** Which checks there are, folded from `holter.definitions` in memory, so that no ping waits for a database. */
export class CheckRegistry {
  readonly #byId = new Map<string, CheckDefinition>();
  readonly #bySlug = new Map<string, Set<string>>();
  readonly #waiting = new Set<() => void>();
  #nextOffset = 0;
  #caughtUp = false;

  constructor(
    private readonly log: EventLog,
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

  /** Ready to serve once everything that was defined before the start is known. */
  async catchUp(): Promise<void> {
    const end = await this.log.endOffset(DEFINITIONS, 0);
    await this.#reached(end);
    this.#caughtUp = true;
  }

  /** The check of this id. A miss first waits until what is in the log now is known. */
  async byId(checkId: string): Promise<CheckDefinition | null> {
    const known = this.#byId.get(checkId);
    if (known !== undefined) return known;
    await this.#waitForNews();
    return this.#byId.get(checkId) ?? null;
  }

  async bySlug(pingKey: string, slug: string): Promise<SlugMatch> {
    const known = this.#slugMatch(pingKey, slug);
    if (known.kind !== 'none') return known;
    await this.#waitForNews();
    return this.#slugMatch(pingKey, slug);
  }

  #slugMatch(pingKey: string, slug: string): SlugMatch {
    const ids = [...(this.#bySlug.get(`${pingKey}/${slug}`) ?? [])];
    const check = ids[0] === undefined ? undefined : this.#byId.get(ids[0]);
    if (check === undefined) return { kind: 'none' };
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

  async #waitForNews(): Promise<void> {
    const limit = new AbortController();
    try {
      const end = await Promise.race([
        this.log.endOffset(DEFINITIONS, 0).catch(() => 0),
        this.clock.sleep(CATCH_UP_LIMIT_MS, limit.signal).then(() => 0),
      ]);
      if (this.#nextOffset >= end) return;
      await Promise.race([this.#reached(end), this.clock.sleep(CATCH_UP_LIMIT_MS, limit.signal)]);
    } finally {
      limit.abort();
    }
  }

  async #reached(offset: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.#nextOffset < offset) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
