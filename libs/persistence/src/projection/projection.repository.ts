import type { EntityManager } from 'typeorm';

/** What a check is judged to be, as of the log offset that the projection has reached. */
export interface CheckStatusRow {
  checkId: string;
  status: string;
  seq: number;
  pingCount: number;
  lastPingAt: number | null;
  lastStartAt: number | null;
  openRuns: number;
  expectedAt: number | null;
  deadlineAt: number | null;
  lastDurationMs: number | null;
  reason: string | null;
  downSinceAt: number | null;
  configVersion: number;
}

export interface PingRow {
  checkId: string;
  n: number;
  receivedAt: number;
  kind: string;
  ignored: boolean;
  scheme: string;
  remoteAddr: string | null;
  method: string;
  userAgent: string;
  rid: string | null;
  exitStatus: number | null;
  /** Base64 of the kept bytes, or null. */
  body: string | null;
  bodyTruncated: boolean;
  durationMs: number | null;
  /** Numbers that the job reported, by name. */
  metrics: Readonly<Record<string, number>> | null;
}

/** A transition as it was pronounced; `record` is the event itself. */
export interface TransitionRow {
  checkId: string;
  seq: number;
  at: number;
  record: Record<string, unknown>;
}

export interface ProjectionBatch {
  readonly partition: number;
  /** Where the projection must stand for this batch to be the next one. */
  readonly fromOffset: number;
  readonly nextOffset: number;
  readonly statuses: readonly CheckStatusRow[];
  readonly pings: readonly PingRow[];
  readonly transitions: readonly TransitionRow[];
  readonly removed: readonly string[];
}

const STATUS_FIELDS = `"checkId" uuid, status text, seq int, "pingCount" int, "lastPingAt" bigint, "lastStartAt" bigint,
  "openRuns" int, "expectedAt" bigint, "deadlineAt" bigint, "lastDurationMs" bigint, reason text, "downSinceAt" bigint,
  "configVersion" int`;

const PING_FIELDS = `"checkId" uuid, n int, "receivedAt" bigint, kind text, ignored boolean, scheme text, "remoteAddr" text,
  method text, "userAgent" text, rid text, "exitStatus" int, body text, "bodyTruncated" boolean, "durationMs" bigint, metrics json`;

/** The tables for reading, written by the projector alone. */
export class ProjectionRepository {
  constructor(private readonly manager: EntityManager) {}

  /** The offset that a partition's projection has reached; 0 when it is fresh. */
  async offsetOf(partition: number): Promise<number> {
    const rows: { next_offset: number }[] = await this.manager.query(
      'SELECT next_offset FROM projection_offset WHERE partition = $1',
      [partition],
    );
    return rows[0]?.next_offset ?? 0;
  }

  /**
   * Moves the offset if the projection stands where the batch begins; false when another projector was there
   * first. To be called in the same transaction as `write`: that is what makes the projection exactly-once.
   */
  async advance(batch: ProjectionBatch): Promise<boolean> {
    const rows: unknown[] = await this.manager.query(
      `WITH moved AS (
         INSERT INTO projection_offset (partition, next_offset) SELECT $1, $3 WHERE $2 = 0
         ON CONFLICT (partition) DO NOTHING RETURNING 1 AS one),
       updated AS (
         UPDATE projection_offset SET next_offset = $3 WHERE partition = $1 AND next_offset = $2 RETURNING 1 AS one)
       SELECT one FROM moved UNION ALL SELECT one FROM updated`,
      [batch.partition, batch.fromOffset, batch.nextOffset],
    );
    return rows.length > 0;
  }

  /**
   * Writes a batch with one statement a table, however many rows it has. A row that is there already is the same row:
   * the log may have thinned the watermark that once released a ping, and a fold from the beginning then releases it a
   * little later, after the stored offset. Its number says that it was written.
   */
  async write(batch: ProjectionBatch): Promise<void> {
    if (batch.statuses.length > 0) await writeStatuses(this.manager, batch);
    if (batch.pings.length > 0) await writePings(this.manager, batch.pings);
    if (batch.transitions.length > 0) await writeTransitions(this.manager, batch.transitions);
    if (batch.removed.length > 0) await forget(this.manager, batch.removed);
  }

  /** Empties the projection; the projector then builds it again from the log. */
  async drop(): Promise<void> {
    await this.manager.query('TRUNCATE check_status, ping_entry, transition_entry, projection_offset');
  }

  async statusOf(checkId: string): Promise<CheckStatusRow | null> {
    const rows = await statusRows(this.manager, [checkId]);
    return rows[0] ?? null;
  }

  async statusesOf(checkIds: readonly string[]): Promise<Map<string, CheckStatusRow>> {
    const rows = await statusRows(this.manager, checkIds);
    return new Map(rows.map((row) => [row.checkId, row]));
  }

  /** Newest first. */
  async pingsOf(
    checkId: string,
    limit: number,
  ): Promise<(Omit<PingRow, 'body'> & { bodyBytes: number | null })[]> {
    return await this.manager.query(
      `SELECT check_id AS "checkId", n, received_at AS "receivedAt", kind, ignored, scheme, remote_addr AS "remoteAddr",
              method, user_agent AS "userAgent", rid, exit_status AS "exitStatus", octet_length(body) AS "bodyBytes",
              body_truncated AS "bodyTruncated", duration_ms AS "durationMs", metrics
         FROM ping_entry WHERE check_id = $1 ORDER BY n DESC LIMIT $2`,
      [checkId, limit],
    );
  }

  async pingBody(checkId: string, n: number): Promise<Buffer | null> {
    const rows: { body: Buffer | null }[] = await this.manager.query(
      'SELECT body FROM ping_entry WHERE check_id = $1 AND n = $2',
      [checkId, n],
    );
    return rows[0]?.body ?? null;
  }

  /** Newest first, below `beforeSeq` when given, within [startAt, endAt). */
  async transitionsOf(
    checkId: string,
    filter: { beforeSeq: number | null; startAt: number | null; endAt: number | null; limit: number },
  ): Promise<Record<string, unknown>[]> {
    const rows: { record: Record<string, unknown> }[] = await this.manager.query(
      `SELECT record FROM transition_entry
        WHERE check_id = $1 AND ($2::int IS NULL OR seq < $2) AND ($3::bigint IS NULL OR at >= $3)
          AND ($4::bigint IS NULL OR at < $4)
        ORDER BY seq DESC LIMIT $5`,
      [checkId, filter.beforeSeq, filter.startAt, filter.endAt, filter.limit],
    );
    return rows.map(({ record }) => record);
  }
}

async function statusRows(manager: EntityManager, checkIds: readonly string[]): Promise<CheckStatusRow[]> {
  return await manager.query(
    `SELECT check_id AS "checkId", status, seq, ping_count AS "pingCount", last_ping_at AS "lastPingAt",
            last_start_at AS "lastStartAt", open_runs AS "openRuns", expected_at AS "expectedAt",
            deadline_at AS "deadlineAt", last_duration_ms AS "lastDurationMs", reason, down_since_at AS "downSinceAt",
            config_version AS "configVersion"
       FROM check_status WHERE check_id = ANY($1)`,
    [checkIds],
  );
}

async function writeStatuses(manager: EntityManager, batch: ProjectionBatch): Promise<void> {
  await manager.query(
    `INSERT INTO check_status (check_id, partition, status, seq, ping_count, last_ping_at, last_start_at, open_runs,
                               expected_at, deadline_at, last_duration_ms, reason, down_since_at, config_version)
     SELECT "checkId", $2, status, seq, "pingCount", "lastPingAt", "lastStartAt", "openRuns", "expectedAt", "deadlineAt",
            "lastDurationMs", reason, "downSinceAt", "configVersion"
       FROM json_to_recordset($1::json) AS fresh (${STATUS_FIELDS})
     ON CONFLICT (check_id) DO UPDATE SET
       status = excluded.status, seq = excluded.seq, ping_count = excluded.ping_count,
       last_ping_at = excluded.last_ping_at, last_start_at = excluded.last_start_at, open_runs = excluded.open_runs,
       expected_at = excluded.expected_at, deadline_at = excluded.deadline_at,
       last_duration_ms = excluded.last_duration_ms, reason = excluded.reason,
       down_since_at = excluded.down_since_at, config_version = excluded.config_version`,
    [JSON.stringify(batch.statuses), batch.partition],
  );
}

async function writePings(manager: EntityManager, pings: readonly PingRow[]): Promise<void> {
  await manager.query(
    `INSERT INTO ping_entry (check_id, n, received_at, kind, ignored, scheme, remote_addr, method, user_agent, rid,
                             exit_status, body, body_truncated, duration_ms, metrics)
     SELECT "checkId", n, "receivedAt", kind, ignored, scheme, "remoteAddr", method, "userAgent", rid, "exitStatus",
            decode(body, 'base64'), "bodyTruncated", "durationMs", metrics
       FROM json_to_recordset($1::json) AS fresh (${PING_FIELDS})
     ON CONFLICT (check_id, n) DO NOTHING`,
    [JSON.stringify(pings)],
  );
}

async function writeTransitions(
  manager: EntityManager,
  transitions: readonly TransitionRow[],
): Promise<void> {
  await manager.query(
    `INSERT INTO transition_entry (check_id, seq, at, record)
     SELECT "checkId", seq, at, record
       FROM json_to_recordset($1::json) AS fresh ("checkId" uuid, seq int, at bigint, record json)
     ON CONFLICT (check_id, seq) DO NOTHING`,
    [JSON.stringify(transitions)],
  );
}

async function forget(manager: EntityManager, checkIds: readonly string[]): Promise<void> {
  for (const table of ['check_status', 'ping_entry', 'transition_entry']) {
    await manager.query(`DELETE FROM ${table} WHERE check_id = ANY($1)`, [checkIds]);
  }
}
