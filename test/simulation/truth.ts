import type { Beat } from '../../libs/domain/src/event/event.ts';

/** A ping that the log has. `posthumous`: its ingest had been judged dead before it was appended. */
export interface TruePing {
  readonly check: number;
  readonly stampAt: number;
  readonly posthumous: boolean;
}

/** A stretch in which some ingest was dead: clients may have been refused, and deadlines may have been moved. */
export interface Disturbance {
  readonly fromAt: number;
  untilAt: number;
}

/**
 * A client that did not give up: when it first tried, and the stamp under which it was answered in the end. One that
 * was stuck with an ingest that had been judged dead already is not among them: no log can know of it.
 */
export interface Persistence {
  readonly check: number;
  readonly triedAt: number;
  readonly stampAt: number;
}

/** The log, and beside it what really happened, which no fold can see. */
export class Truth {
  readonly log: Beat[] = [];
  /** When each record was appended. */
  readonly appendedAt: number[] = [];
  readonly persistences: Persistence[] = [];
  /** Instants at which no ingest counted, or the log was away: nobody can decide anything then. */
  readonly undecidable: number[] = [];
  readonly pings: TruePing[] = [];
  readonly disturbances: Disturbance[] = [];
  readonly #silences = new Map<string, Disturbance>();
  readonly #expired = new Set<string>();
  readonly #members = new Set<string>();

  idOf(check: number): string {
    return `${check.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  }

  append(nowAt: number, beat: Beat): void {
    this.log.push(beat);
    this.appendedAt.push(nowAt);
  }

  appended(producer: string, epoch: number, ping: { check: number; stampAt: number }): void {
    const posthumous = this.#expired.has(`${producer}/${epoch}`);
    this.pings.push({ check: ping.check, stampAt: ping.stampAt, posthumous });
  }

  get members(): number {
    return this.#members.size;
  }

  /** Whether an ingest joined and was neither expired nor is gone. */
  isMember(producer: string): boolean {
    return this.#members.has(producer);
  }

  /** From here on nobody hears this ingest. */
  silent(producer: string, fromAt: number): void {
    this.#members.delete(producer);
    if (this.#silences.has(producer)) return;
    const disturbance = { fromAt, untilAt: Infinity };
    this.#silences.set(producer, disturbance);
    this.disturbances.push(disturbance);
  }

  heardAgain(producer: string, atMs: number): void {
    this.#members.add(producer);
    const disturbance = this.#silences.get(producer);
    if (disturbance !== undefined) disturbance.untilAt = atMs;
    this.#silences.delete(producer);
  }

  /** Judged dead: from its last watermark until it joins anew it does not count, whether it lives or not. */
  expired(producer: string, epoch: number, lastWatermarkAt: number): void {
    this.#expired.add(`${producer}/${epoch}`);
    this.silent(producer, lastWatermarkAt);
  }
}
