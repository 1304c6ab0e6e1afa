import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BEATS, DEFINITIONS, EVENT_LOG, type EventLog, type NewRecord } from '#event-log';
import { Database, type OutboxEntry } from '#persistence';
import { HttpError, PLATFORM, Wakeup, errorMessage, type Platform } from '#platform';

const ENTRIES_AT_ONCE = 500;
/** Entries of another process are seen within this time; our own wake the relay at once. */
const LOOK_EVERY_MS = 1_000;
const IN_FORCE_LIMIT_MS = 5_000;

/** Carries changes from the outbox to the log, in the order of their numbers, until the log has them. */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #wakeup = new Wakeup();
  readonly #ending = new AbortController();
  readonly #waiting = new Map<number, () => void>();
  #sentUpTo = 0;
  #running: Promise<void> | null = null;
  #producer: string | null = null;
  #trouble: string | null = null;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {
    platform.health.add('relay', () => this.#trouble);
  }

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  /** Resolves once the log has the entry, so that it is in force for every later ping; refuses when that takes long. */
  async inForce(entryId: number): Promise<void> {
    const limit = new AbortController();
    const sent = new Promise<true>((resolve) => this.#waiting.set(entryId, () => resolve(true)));
    this.#wakeup.call();
    const done = await Promise.race([
      sent,
      this.platform.clock.sleep(IN_FORCE_LIMIT_MS, limit.signal).then(() => false),
    ]);
    limit.abort();
    this.#waiting.delete(entryId);
    if (done || (await this.database.repositories.outbox.isSent(entryId))) return;
    throw new HttpError(
      503,
      'the change is saved, but the log cannot take it now; it will be in force when the log is back',
    );
  }

  async #run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      let sent = 0;
      try {
        sent = await this.#sendSome();
        this.#trouble = null;
      } catch (error) {
        this.#trouble = 'changes of configuration cannot be written to the log';
        this.platform.logger.warn(
          { detail: errorMessage(error) },
          'The outbox cannot be emptied; trying again.',
        );
        await this.platform.clock.sleep(LOOK_EVERY_MS, this.#ending.signal);
      }
      if (sent === 0) await this.#wakeup.wait(this.platform.clock, LOOK_EVERY_MS, this.#ending.signal);
    }
  }

  /** One relay works at a time, over all processes: otherwise an old definition could overwrite a newer one. */
  async #sendSome(): Promise<number> {
    const entries = await this.database.unitOfWork(async ({ outbox }) => {
      if (!(await outbox.claim())) return [];
      const unsent = await outbox.unsent(ENTRIES_AT_ONCE);
      if (unsent.length === 0) return [];
      this.#producer ??= await outbox.producerName();
      await this.#append(unsent, this.#producer);
      await outbox.remove(unsent.map(({ id }) => id));
      return unsent;
    });
    for (const { id } of entries) {
      this.#sentUpTo = Math.max(this.#sentUpTo, id);
      this.#waiting.get(id)?.();
    }
    return entries.length;
  }

  /** Beats before definitions: once ingest knows a check, the fold knows it too. */
  async #append(entries: readonly OutboxEntry[], producer: string): Promise<void> {
    const byPartition = new Map<number, OutboxEntry[]>();
    for (const entry of entries)
      byPartition.set(entry.partition, [...(byPartition.get(entry.partition) ?? []), entry]);
    await Promise.all(
      [...byPartition].map(async ([partition, own]) => {
        await this.log.append(
          BEATS,
          partition,
          own.map((entry) => beatOf(entry, producer)),
        );
      }),
    );
    const definitions = entries.map(({ checkId, definition }) => ({
      key: checkId,
      value: definition === null ? null : JSON.stringify({ v: 1, type: 'definition', definition }),
    }));
    await this.log.append(DEFINITIONS, 0, definitions);
  }
}

function beatOf(entry: OutboxEntry, producer: string): NewRecord {
  const event = { v: 1, ...entry.event, producer, epoch: 1, pseq: entry.pseq };
  return { key: entry.checkId, value: JSON.stringify(event) };
}
