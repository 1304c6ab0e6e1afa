import { HEALTHCHECKS_RULES, type CheckDefinition } from '../../libs/domain/src/check/definition.ts';
import type { Beat } from '../../libs/domain/src/event/event.ts';
import type { PingReceived } from '../../libs/domain/src/event/ping.ts';
import { idOf } from './plan/check-plan.ts';

/** One thing that happens in a world that is small enough to be understood when it fails. */
export type Happening =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'flush'; readonly ingest: number; readonly twice: boolean }
  | {
      readonly kind: 'ping';
      readonly ingest: number;
      readonly check: number;
      readonly as: 'success' | 'start' | 'fail';
      readonly rid: string | null;
    };

export const SMALL_START_AT = 1_800_000_000_000;
const INGESTS = 2;

/** One that is asked every 20 s, one that must end its runs within 8 s, and one by cron with thresholds. */
export const SMALL_CHECKS: readonly CheckDefinition[] = [
  smallCheck(0, { schedule: { kind: 'interval', periodMs: 20_000 }, graceMs: 5_000 }),
  smallCheck(1, {
    schedule: { kind: 'interval', periodMs: 30_000 },
    graceMs: 5_000,
    maxRuntimeMs: 8_000,
    watchedRuns: 'all',
  }),
  smallCheck(2, {
    schedule: { kind: 'cron', expressions: ['*/15 * * * * *'], zone: 'UTC' },
    graceMs: 4_000,
    missedThreshold: 2,
    failedThreshold: 2,
    recoveryThreshold: 2,
  }),
];

type Rules = Pick<CheckDefinition, 'schedule' | 'graceMs'> & Partial<CheckDefinition>;

function smallCheck(index: number, rules: Rules): CheckDefinition {
  const name = `Check ${index}`;
  const texts = { projectId: 'project', pingKey: '0'.repeat(32), name, slug: '', tags: [] };
  return { ...HEALTHCHECKS_RULES, checkId: idOf(index), configVersion: 1, ...texts, ...rules };
}

/** The log that happenings lead to. Nobody dies in it, so that what must be said is known to the millisecond. */
export class SmallWorld {
  readonly beats: Beat[] = [];
  readonly pings: PingReceived[] = [];
  nowAt = SMALL_START_AT;
  readonly #queues: Beat[][] = Array.from({ length: INGESTS }, () => []);
  readonly #numbers: number[] = Array.from({ length: INGESTS }, () => 0);

  constructor(happenings: readonly Happening[]) {
    for (const [index, definition] of SMALL_CHECKS.entries()) {
      this.beats.push({
        v: 1,
        type: 'check.configured',
        producer: 'api',
        epoch: 1,
        pseq: index + 1,
        definition,
      });
    }
    for (let ingest = 0; ingest < INGESTS; ingest += 1) {
      this.beats.push({ v: 1, type: 'ingest.joined', ...this.#by(ingest), at: this.nowAt });
    }
    for (const happening of happenings) this.#happen(happening);
    this.nowAt += 1;
    for (let ingest = 0; ingest < INGESTS; ingest += 1) this.#flush(ingest, false);
  }

  #happen(happening: Happening): void {
    if (happening.kind === 'wait') this.nowAt += happening.ms;
    else if (happening.kind === 'flush') this.#flush(happening.ingest, happening.twice);
    else this.#ping(happening);
  }

  #by(ingest: number): { producer: string; epoch: number; pseq: number } {
    return { producer: `ingest-${ingest}`, epoch: 1, pseq: this.#numbers[ingest] ?? 0 };
  }

  #ping({ ingest, check, as, rid }: Extract<Happening, { kind: 'ping' }>): void {
    this.#numbers[ingest] = (this.#numbers[ingest] ?? 0) + 1;
    const ping: PingReceived = {
      v: 1,
      type: 'ping.received',
      ...this.#by(ingest),
      checkId: idOf(check),
      receivedAt: this.nowAt,
      kind: as,
      exitStatus: null,
      rid,
      dialect: 'healthchecks',
      method: 'GET',
      scheme: 'http',
      remoteAddr: null,
      userAgent: '',
      body: null,
      bodyTruncated: false,
      metrics: null,
    };
    this.pings.push(ping);
    this.#queues[ingest]?.push(ping);
  }

  #flush(ingest: number, twice: boolean): void {
    const owed = this.#queues[ingest]?.splice(0) ?? [];
    const beats: Beat[] = [...owed, { v: 1, type: 'watermark', ...this.#by(ingest), at: this.nowAt }];
    this.beats.push(...beats, ...(twice ? beats : []));
  }
}
