import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { defaultRoute, type CheckTransition, type Verdict } from '#domain';
import { decodeVerdict, type LogBatch } from '#event-log';
import { Database, type EndedAlarm, type NewDelivery, type Repositories } from '#persistence';
import { PLATFORM, type CounterOf, type Platform } from '#platform';
import { DeliverySender } from '../delivery/delivery-sender.ts';
import { messageBody } from './message.ts';

/**
 * Where most of a partition fell silent at once, the cause is likelier to be ours or the network's than that of so many
 * jobs: whoever is told is told after this wait, unless it is over by then.
 */
const HOLD_MS = 120_000;

/** Turns transitions into deliveries: one row for each channel that a selected transition concerns. */
@Injectable()
export class Planner {
  readonly #planned: CounterOf<'reason'>;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DeliverySender) private readonly sender: DeliverySender,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {
    this.#planned = platform.metrics.counter(
      'holter_planned_total',
      'Transitions that the route looked at, by reason.',
      ['reason'],
    );
  }

  async startAt(partition: number): Promise<number> {
    return (await this.database.repositories.deliveries.position(partition)).nextOffset;
  }

  /**
   * Deliveries and position are written in one transaction, so that after a kill at any point each transition is
   * planned exactly once. Another planner that was there first makes this one look again.
   */
  async plan(batch: LogBatch): Promise<void> {
    const deliveries = await this.database.unitOfWork(async (repositories) => {
      const from = await repositories.deliveries.position(batch.partition);
      if (batch.nextOffset <= from.nextOffset) return [];
      const verdicts = this.#decode(batch, from);
      const planned = await this.#deliveriesFor(verdicts, repositories);
      await repositories.deliveries.insert(planned);
      await repositories.deliveries.supersede(verdicts.flatMap(endedAlarm), this.platform.clock.now());
      const oseq = verdicts.reduce((highest, verdict) => Math.max(highest, verdict.oseq), from.oseq);
      const moved = await repositories.deliveries.advance(batch.partition, from, {
        nextOffset: batch.nextOffset,
        oseq,
      });
      if (!moved) throw new Error(`Another planner works on partition ${batch.partition}.`);
      return planned;
    });
    if (deliveries.length > 0) this.sender.wake();
  }

  /** New verdicts only: what was planned already, or written twice by two evaluators, is recognised by its number. */
  #decode(batch: LogBatch, from: { nextOffset: number; oseq: number }): Verdict[] {
    const verdicts: Verdict[] = [];
    let newest = from.oseq;
    for (const { offset, value } of batch.records) {
      if (offset < from.nextOffset || value === null) continue;
      const decoded = decodeVerdict(value);
      if (!decoded.ok) {
        this.platform.logger.error(
          { partition: batch.partition, offset, reason: decoded.reason },
          'A verdict cannot be read.',
        );
        continue;
      }
      if (decoded.event.oseq <= newest) continue;
      newest = decoded.event.oseq;
      verdicts.push(decoded.event);
    }
    return verdicts;
  }

  async #deliveriesFor(verdicts: readonly Verdict[], repositories: Repositories): Promise<NewDelivery[]> {
    const selected: CheckTransition[] = [];
    for (const verdict of verdicts) {
      const decision = defaultRoute(verdict);
      this.#planned.add({ reason: decision.reason });
      if (decision.selected && verdict.type !== 'coverage.hole') selected.push(verdict);
    }
    if (selected.length === 0) return [];
    const ids = [...new Set(selected.map(({ checkId }) => checkId))];
    const checks = new Map((await repositories.checks.byIds(ids)).map((check) => [check.id, check]));
    const links = await repositories.channels.ofChecks(ids);
    return selected.flatMap((transition) => {
      const check = checks.get(transition.checkId);
      if (check === undefined) return [];
      const body = messageBody(transition, check);
      return links
        .filter((link) => link.checkId === transition.checkId)
        .map(({ channelId }) => this.#delivery(transition, channelId, body));
    });
  }

  #delivery(transition: CheckTransition, channelId: string, body: string): NewDelivery {
    return {
      id: randomUUID(),
      projectId: transition.projectId,
      checkId: transition.checkId,
      channelId,
      transitionId: transition.id,
      seq: transition.seq,
      eventType: transition.type,
      body,
      createdAt: this.platform.clock.now(),
      notBeforeAt: transition.hold ? transition.at + HOLD_MS : this.platform.clock.now(),
      held: transition.hold,
    };
  }
}

function endedAlarm(verdict: Verdict): EndedAlarm[] {
  if (verdict.type === 'coverage.hole') return [];
  const { checkId, id: transitionId, seq, statusBefore, statusAfter } = verdict;
  return statusBefore === 'down' && statusAfter !== 'down' ? [{ checkId, transitionId, seq }] : [];
}
