import type { EntityManager } from 'typeorm';

/** One change that must reach the log. `event` and `definition` are the lines to append, ready but for numbering. */
export interface OutboxEntry {
  readonly id: number;
  readonly partition: number;
  /** Dense per partition: the number that lets every reader of the log drop a repeated append. */
  readonly pseq: number;
  readonly checkId: string;
  readonly event: Record<string, unknown>;
  /** What `holter.definitions` shall hold for the check; null takes the check out of it. */
  readonly definition: Record<string, unknown> | null;
}

/** Any number that only the relay takes. */
const RELAY_LOCK = 4_652_016_122;

export type OutboxRepository = ReturnType<typeof outboxRepository>;

export function outboxRepository(manager: EntityManager) {
  return {
    /**
     * Writes an entry in the caller's transaction. The partition's counter row stays locked until that commits, so
     * numbers are dense and in the order in which entries become visible.
     */
    async add(entry: Omit<OutboxEntry, 'id' | 'pseq'>): Promise<number> {
      const added: { id: number }[] = await manager.query(
        `WITH head AS (
           INSERT INTO outbox_head (partition, next_pseq) VALUES ($1, 2)
           ON CONFLICT (partition) DO UPDATE SET next_pseq = outbox_head.next_pseq + 1
           RETURNING next_pseq - 1 AS pseq)
         INSERT INTO outbox (partition, pseq, check_id, event, definition)
         SELECT $1, head.pseq, $2, $3, $4 FROM head RETURNING id`,
        [
          entry.partition,
          entry.checkId,
          JSON.stringify(entry.event),
          entry.definition && JSON.stringify(entry.definition),
        ],
      );
      return added[0]?.id ?? 0;
    },
    /** Makes this transaction the one that empties the outbox; false when another one is at it. */
    async claim(): Promise<boolean> {
      const rows: { won: boolean }[] = await manager.query('SELECT pg_try_advisory_xact_lock($1) AS won', [
        RELAY_LOCK,
      ]);
      return rows[0]?.won === true;
    },
    /** Entries that are not in the log yet, each partition's in the order of its numbers. */
    async unsent(limit: number): Promise<OutboxEntry[]> {
      return await manager.query(
        `SELECT id, partition, pseq, check_id AS "checkId", event, definition
           FROM outbox ORDER BY partition, pseq LIMIT $1`,
        [limit],
      );
    },
    /** Entries that the log has; a crash before this repeats their append, which readers drop by number. */
    async remove(ids: readonly number[]): Promise<void> {
      await manager.query('DELETE FROM outbox WHERE id = ANY($1)', [ids]);
    },
    async isSent(id: number): Promise<boolean> {
      const rows: unknown[] = await manager.query('SELECT 1 FROM outbox WHERE id = $1', [id]);
      return rows.length === 0;
    },
    /** The name under which this installation's changes are numbered; a fresh database is a fresh producer. */
    async producerName(): Promise<string> {
      const rows: { id: string }[] = await manager.query('SELECT id FROM installation');
      return `api-${rows[0]?.id ?? 'unknown'}`;
    },
  };
}
