import { newPartitionState, type Effect, type FoldStep, type PartitionState } from '#domain';
import { foldBatch, type LogBatch, type Unreadable } from '#event-log';
import type { CheckStatusRow, Database, PingRow, ProjectionBatch, TransitionRow } from '#persistence';

/** A check as the fold has judged it. */
type JudgedCheck = NonNullable<ReturnType<PartitionState['checks']['get']>>;

/**
 * One partition's projection: the evaluator's fold with its effects written to PostgreSQL. After a start it folds from
 * the beginning, and leaves out what the stored offset says was written; the offset moves in the same transaction as
 * the rows, and rows are known by their numbers, so nothing is ever written twice or left out.
 */
export class PartitionProjector {
  readonly #state: PartitionState;
  #pending: FoldStep[] = [];

  constructor(
    readonly partition: number,
    private readonly database: Database,
    private storedOffset: number,
  ) {
    this.#state = newPartitionState(partition);
  }

  /** Up to where readers may rely on the tables. */
  get offset(): number {
    return this.#pending.length > 0 ? this.storedOffset : this.#state.nextOffset;
  }

  async take(batch: LogBatch): Promise<readonly Unreadable[]> {
    const unreadable = foldBatch(this.#state, batch, (step) => {
      if (step.offset >= this.storedOffset && isWorthWriting(step)) this.#pending.push(step);
    });
    if (this.#pending.length > 0) await this.#write(batch.nextOffset);
    this.#state.nextOffset = Math.max(this.#state.nextOffset, batch.nextOffset);
    return unreadable;
  }

  async #write(nextOffset: number): Promise<void> {
    const batch = this.#batchOf(this.#pending, nextOffset);
    await this.database.unitOfWork(async ({ projection }) => {
      const moved = await projection.advance(batch);
      if (!moved) throw new Error(`Another projector works on partition ${this.partition}.`);
      await projection.write(batch);
    });
    this.storedOffset = nextOffset;
    this.#pending = [];
  }

  #batchOf(steps: readonly FoldStep[], nextOffset: number): ProjectionBatch {
    const touched = new Set(steps.flatMap((step) => [...step.touched]));
    const removed = [...new Set(steps.flatMap((step) => [...step.removed]))].filter(
      (id) => !this.#state.checks.has(id),
    );
    const statuses = [...touched].flatMap((id) => {
      const check = this.#state.checks.get(id);
      return check === undefined ? [] : [statusRow(check)];
    });
    return {
      partition: this.partition,
      fromOffset: this.storedOffset,
      nextOffset,
      statuses,
      pings: steps.flatMap((step) => step.effects.flatMap(pingRows)),
      transitions: steps.flatMap((step) => step.verdicts.flatMap(transitionRows)),
      removed,
    };
  }
}

function isWorthWriting(step: FoldStep): boolean {
  return (
    step.touched.length > 0 ||
    step.removed.length > 0 ||
    step.effects.some((effect) => effect.kind === 'ping')
  );
}

function statusRow(check: JudgedCheck): CheckStatusRow {
  return {
    checkId: check.checkId,
    status: check.status,
    seq: check.seq,
    pingCount: check.pingCount,
    lastPingAt: check.lastPingAt,
    lastStartAt: check.lastStartAt,
    // A run that was called hung is open still, until anything else was reported.
    openRuns: check.runs.filter(({ hung, startedAt }) => !hung || startedAt > (check.lastReportAt ?? 0))
      .length,
    expectedAt: check.expectedAt,
    deadlineAt: check.deadlineAt,
    lastDurationMs: check.lastDurationMs,
    reason: check.lastReason,
    downSinceAt: check.downSinceAt,
    configVersion: check.configVersion,
  };
}

function pingRows(effect: Effect): PingRow[] {
  if (effect.kind !== 'ping') return [];
  const { ping, n, ignored, kindJudged, durationMs } = effect;
  return [
    {
      checkId: ping.checkId,
      n,
      receivedAt: ping.receivedAt,
      kind: kindJudged,
      ignored,
      scheme: ping.scheme,
      remoteAddr: ping.remoteAddr,
      method: ping.method,
      userAgent: ping.userAgent,
      rid: ping.rid,
      exitStatus: ping.exitStatus,
      body: base64Of(ping.body),
      bodyTruncated: ping.bodyTruncated,
      durationMs,
      metrics: ping.metrics,
    },
  ];
}

function base64Of(body: { text: string } | { base64: string } | null): string | null {
  if (body === null) return null;
  return 'text' in body ? Buffer.from(body.text, 'utf8').toString('base64') : body.base64;
}

function transitionRows(verdict: FoldStep['verdicts'][number]): TransitionRow[] {
  if (verdict.type === 'coverage.hole') return [];
  return [{ checkId: verdict.checkId, seq: verdict.seq, at: verdict.at, record: { ...verdict } }];
}
