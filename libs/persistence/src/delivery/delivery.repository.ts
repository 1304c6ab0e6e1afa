import type { EntityManager } from 'typeorm';

/** `superseded`: it waited, and what it had to tell was over before anybody was told. */
export type DeliveryState = 'pending' | 'delivered' | 'dead' | 'superseded';

/** One message to one channel. Its body and id never change, however often it is tried. */
export interface NewDelivery {
  readonly id: string;
  readonly projectId: string;
  readonly checkId: string;
  readonly channelId: string;
  readonly transitionId: string;
  readonly seq: number;
  readonly eventType: string;
  readonly body: string;
  readonly createdAt: number;
  /** The first attempt is not made before this instant. */
  readonly notBeforeAt: number;
  /** True: it waits because most of its partition fell silent at once, and may be superseded meanwhile. */
  readonly held: boolean;
}

/** A delivery that this sender may try now; results count only while the lease token still matches. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly channelId: string;
  readonly kind: 'webhook';
  readonly url: string;
  readonly secret: string;
  readonly transitionId: string;
  readonly eventType: string;
  readonly body: string;
  readonly attempts: number;
  readonly leaseToken: string;
}

export interface AttemptRow {
  readonly deliveryId: string;
  readonly number: number;
  readonly at: number;
  readonly durationMs: number;
  readonly outcome: 'delivered' | 'retry' | 'refused';
  readonly reason: string | null;
  readonly status: number | null;
  readonly responseExcerpt: string | null;
}

/** The transition by which a check is no longer down. */
export interface EndedAlarm {
  readonly checkId: string;
  readonly transitionId: string;
  readonly seq: number;
}

export interface Settlement {
  readonly state: DeliveryState;
  readonly nextAttemptAt: number | null;
  readonly lastReason: string | null;
}

export interface DeliveryView {
  readonly id: string;
  readonly checkId: string;
  readonly channelId: string;
  readonly transitionId: string;
  readonly seq: number;
  readonly eventType: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  readonly lastReason: string | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

/** Deliveries, their attempts, and where the planner stands. */
export class DeliveryRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Where the planner stands on a partition of the transitions. */
  async position(partition: number): Promise<{ nextOffset: number; oseq: number }> {
    const rows: { next_offset: number; oseq: number }[] = await this.manager.query(
      'SELECT next_offset, oseq FROM planner_position WHERE partition = $1',
      [partition],
    );
    return { nextOffset: rows[0]?.next_offset ?? 0, oseq: rows[0]?.oseq ?? 0 };
  }

  /** Moves the position, if nobody else has; belongs into the transaction that inserts the deliveries. */
  async advance(
    partition: number,
    from: { nextOffset: number },
    to: { nextOffset: number; oseq: number },
  ): Promise<boolean> {
    const rows: unknown[] = await this.manager.query(
      `WITH fresh AS (
         INSERT INTO planner_position (partition, next_offset, oseq) SELECT $1, $3, $4 WHERE $2 = 0
         ON CONFLICT (partition) DO NOTHING RETURNING 1 AS one),
       updated AS (
         UPDATE planner_position SET next_offset = $3, oseq = $4 WHERE partition = $1 AND next_offset = $2
         RETURNING 1 AS one)
       SELECT one FROM fresh UNION ALL SELECT one FROM updated`,
      [partition, from.nextOffset, to.nextOffset, to.oseq],
    );
    return rows.length > 0;
  }

  /** Planning the same transition twice changes nothing: (transition, channel) is unique. */
  async insert(deliveries: readonly NewDelivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    await this.manager.query(
      `INSERT INTO delivery (id, project_id, check_id, channel_id, transition_id, seq, event_type, body, created_at,
                             held, state, attempts, next_attempt_at)
       SELECT id, "projectId", "checkId", "channelId", "transitionId", seq, "eventType", body, "createdAt", held,
              'pending', 0, "notBeforeAt"
         FROM json_to_recordset($1::json) AS fresh (id uuid, "projectId" uuid, "checkId" uuid, "channelId" uuid,
              "transitionId" text, seq int, "eventType" text, body text, "createdAt" bigint,
              "notBeforeAt" bigint, held boolean)
       ON CONFLICT (transition_id, channel_id) DO NOTHING`,
      [JSON.stringify(deliveries)],
    );
  }

  /**
   * Drops what waits of a check that is no longer down, and with it the message that it is back: whoever was not told
   * the one need not be told the other. What was tried once may have been heard, so it stays.
   */
  async supersede(ends: readonly EndedAlarm[], at: number): Promise<void> {
    if (ends.length === 0) return;
    await this.manager.query(
      `WITH ended AS (
         SELECT * FROM json_to_recordset($1::json) AS one ("checkId" uuid, "transitionId" text, seq int)),
       dropped AS (
         UPDATE delivery SET state = 'superseded', next_attempt_at = NULL, last_reason = 'over_while_held', finished_at = $2
           FROM ended
          WHERE delivery.check_id = ended."checkId" AND delivery.held AND delivery.state = 'pending'
            AND delivery.attempts = 0
            AND ended.seq = (SELECT min(one.seq) FROM ended AS one
                              WHERE one."checkId" = delivery.check_id AND one.seq > delivery.seq)
         RETURNING delivery.channel_id, ended."transitionId")
       UPDATE delivery SET state = 'superseded', next_attempt_at = NULL, last_reason = 'over_while_held', finished_at = $2
         FROM dropped
        WHERE delivery.transition_id = dropped."transitionId" AND delivery.channel_id = dropped.channel_id
          AND delivery.state = 'pending' AND delivery.attempts = 0`,
      [JSON.stringify(ends), at],
    );
  }

  /** Says that this sender is alive; forgets those that have long been gone. */
  async heartbeat(sender: string, now: number): Promise<void> {
    await this.manager.query(
      `WITH gone AS (DELETE FROM sender WHERE seen_at < $2::bigint - 3600000)
       INSERT INTO sender (id, seen_at) VALUES ($1, $2::bigint) ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`,
      [sender, now],
    );
  }

  /**
   * Claims what is due, fairly: of each channel and check only the oldest undelivered message (so that a check's
   * messages arrive in the order of their numbers), and of each channel at most `perChannel` at a time (so that a
   * slow receiver cannot take every slot). SKIP LOCKED lets several senders claim at once.
   */
  async claim(options: {
    readonly now: number;
    readonly leaseMs: number;
    readonly limit: number;
    readonly perChannel: number;
    readonly leaseToken: string;
    readonly sender: string;
    /** A sender that was not seen for this long is dead, and its leases are free. */
    readonly senderSilentMs: number;
  }): Promise<ClaimedDelivery[]> {
    return await this.manager.query(
      `WITH heads AS (
           SELECT DISTINCT ON (channel_id, check_id) id, channel_id, next_attempt_at,
                  leased_until > $1 AND (leased_by = $6 OR EXISTS (
                    SELECT 1 FROM sender WHERE sender.id = delivery.leased_by AND sender.seen_at > $7)) AS busy
             FROM delivery WHERE state = 'pending' ORDER BY channel_id, check_id, seq),
         ranked AS (
           SELECT id, busy,
                  row_number() OVER (PARTITION BY channel_id ORDER BY busy DESC, next_attempt_at, id) AS place
             FROM heads WHERE next_attempt_at <= $1 OR busy),
         due AS (
           SELECT delivery.id, delivery.leased_until FROM delivery JOIN ranked ON ranked.id = delivery.id
            WHERE ranked.place <= $4 AND NOT ranked.busy AND delivery.state = 'pending'
              AND delivery.next_attempt_at <= $1
            ORDER BY delivery.next_attempt_at LIMIT $3 FOR UPDATE OF delivery SKIP LOCKED),
         leased AS (
           UPDATE delivery SET leased_until = $1 + $2, lease_token = $5, leased_by = $6, attempts = attempts + 1
            FROM due WHERE delivery.id = due.id AND delivery.leased_until = due.leased_until RETURNING delivery.*)
         SELECT leased.id, leased.channel_id AS "channelId", channel.kind, channel.config->>'url' AS url, channel.secret,
                leased.transition_id AS "transitionId", leased.event_type AS "eventType", leased.body, leased.attempts,
                leased.lease_token AS "leaseToken"
           FROM leased JOIN channel ON channel.id = leased.channel_id ORDER BY leased.next_attempt_at`,
      [
        options.now,
        options.leaseMs,
        options.limit,
        options.perChannel,
        options.leaseToken,
        options.sender,
        options.now - options.senderSilentMs,
      ],
    );
  }

  /** Records an attempt and its result; false when the lease had gone to another sender meanwhile. */
  async settle(claimed: ClaimedDelivery, attempt: AttemptRow, result: Settlement): Promise<boolean> {
    const rows: unknown[] = await this.manager.query(
      `WITH settled AS (
         UPDATE delivery SET state = $3, next_attempt_at = $4, last_reason = $5, leased_until = 0, lease_token = NULL,
                finished_at = CASE WHEN $3 = 'pending' THEN NULL ELSE $6::bigint END
          WHERE id = $1 AND lease_token = $2 RETURNING id)
       INSERT INTO delivery_attempt (delivery_id, number, at, duration_ms, outcome, reason, status, response_excerpt)
       SELECT id, $7, $8, $9, $10, $11, $12, $13 FROM settled RETURNING 1`,
      [
        claimed.id,
        claimed.leaseToken,
        result.state,
        result.nextAttemptAt,
        result.lastReason,
        attempt.at + attempt.durationMs,
        attempt.number,
        attempt.at,
        attempt.durationMs,
        attempt.outcome,
        attempt.reason,
        attempt.status,
        attempt.responseExcerpt,
      ],
    );
    return rows.length > 0;
  }

  async list(filter: {
    readonly projectId: string;
    readonly checkId: string | null;
    readonly channelId: string | null;
    readonly state: string | null;
    readonly limit: number;
  }): Promise<DeliveryView[]> {
    return await this.manager.query(
      `SELECT id, check_id AS "checkId", channel_id AS "channelId", transition_id AS "transitionId", seq,
              event_type AS "eventType", state, attempts, next_attempt_at AS "nextAttemptAt",
              last_reason AS "lastReason", created_at AS "createdAt", finished_at AS "finishedAt"
         FROM delivery
        WHERE project_id = $1 AND ($2::uuid IS NULL OR check_id = $2) AND ($3::uuid IS NULL OR channel_id = $3)
          AND ($4::text IS NULL OR state = $4)
        ORDER BY created_at DESC, check_id, seq DESC LIMIT $5`,
      [filter.projectId, filter.checkId, filter.channelId, filter.state, filter.limit],
    );
  }

  async attemptsOf(deliveryIds: readonly string[]): Promise<AttemptRow[]> {
    return await this.manager.query(
      `SELECT delivery_id AS "deliveryId", number, at, duration_ms AS "durationMs", outcome, reason, status,
              response_excerpt AS "responseExcerpt"
         FROM delivery_attempt WHERE delivery_id = ANY($1) ORDER BY delivery_id, number`,
      [deliveryIds],
    );
  }
}
