import type { FoldStep } from '../check/fold-step.ts';
import type { PartitionState } from '../check/partition-state.ts';
import type { CheckTransition } from '../event/transition.ts';
import type { Alarm } from './alarm.ts';

/** Keeps the alarms of a fold, step by step, in the order in which they began. */
export class AlarmBook {
  readonly #alarms: Alarm[] = [];
  /** The place of the open alarm of each check that is down. */
  readonly #open = new Map<string, number>();

  constructor(private readonly state: PartitionState) {}

  get alarms(): readonly Alarm[] {
    return this.#alarms;
  }

  /** Takes what a record led to; to be called right after it was folded. */
  take({ verdicts, touched, removed }: FoldStep): void {
    for (const verdict of verdicts) if (verdict.type !== 'coverage.hole') this.#takeTransition(verdict);
    for (const checkId of [...touched, ...removed]) {
      const isDown = this.#open.has(checkId) && this.state.checks.get(checkId)?.status === 'down';
      if (!isDown) this.#close(checkId, this.state.clockAt, 'withdrawn');
    }
  }

  #takeTransition(transition: CheckTransition): void {
    const { checkId, at: downAt, statusBefore, statusAfter } = transition;
    // A pause has no transition of its own: that there was one shows in where the next one begins.
    if (statusBefore !== 'down') this.#close(checkId, downAt, 'withdrawn');
    else if (statusAfter !== 'down') this.#close(checkId, downAt, 'recovered');
    if (statusBefore === 'down' || statusAfter !== 'down') return;
    this.#open.set(checkId, this.#alarms.length);
    this.#alarms.push({ checkId, transition, downAt, untilAt: null, ending: 'still_down' });
  }

  #close(checkId: string, untilAt: number, ending: 'recovered' | 'withdrawn'): void {
    const place = this.#open.get(checkId);
    const alarm = place === undefined ? undefined : this.#alarms[place];
    if (place === undefined || alarm === undefined) return;
    this.#open.delete(checkId);
    this.#alarms[place] = { ...alarm, untilAt: Math.max(untilAt, alarm.downAt), ending };
  }
}
