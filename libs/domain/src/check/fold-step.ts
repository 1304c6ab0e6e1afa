import type { PingKind, PingReceived } from '../event/ping.ts';
import type { Verdict } from '../event/transition.ts';

/** What a ping meant, for those who keep history: its number, and the run that it ended. */
export interface PingEffect {
  readonly kind: 'ping';
  readonly offset: number;
  readonly n: number;
  readonly ping: PingReceived;
  /** What it was judged as: the URL's kind, or what its check's keywords made of it. */
  readonly kindJudged: PingKind;
  /** True: kept in the history but without influence (method filter, paused until resumed by hand, no keyword). */
  readonly ignored: boolean;
  /** True: the same end of the same run was counted before. */
  readonly repeated: boolean;
  /** From the start of the same run to this end. */
  readonly durationMs: number | null;
}

/** A record that changed nothing, and why; counted, never silent. */
export interface DroppedEffect {
  readonly kind: 'dropped';
  readonly offset: number;
  readonly reason:
    'repeated' | 'unknown_check' | 'stale_epoch' | 'not_joined' | 'stale_version' | 'unusable_definition';
}

/** Dense numbering was broken: records of this producer are missing from the log. */
export interface GapEffect {
  readonly kind: 'gap';
  readonly offset: number;
  readonly producer: string;
  readonly missing: number;
}

export type Effect = PingEffect | DroppedEffect | GapEffect;

const NOTHING: readonly never[] = [];

/**
 * What one record led to: numbered verdicts for the world, effects for the projections. Most records lead to one effect
 * and nothing else, so each list is made when something is put into it.
 */
export class FoldStep {
  verdicts: readonly Verdict[] = NOTHING;
  effects: readonly Effect[] = NOTHING;
  /** Checks whose state is no longer what it was; one may be named more than once. */
  touched: readonly string[] = NOTHING;
  removed: readonly string[] = NOTHING;

  /** `offset`: the record that led to all this. */
  constructor(readonly offset: number) {}

  tell(verdict: Verdict): void {
    this.verdicts = added(this.verdicts, verdict);
  }

  note(effect: Effect): void {
    this.effects = added(this.effects, effect);
  }

  touch(checkId: string): void {
    this.touched = added(this.touched, checkId);
  }

  remove(checkId: string): void {
    this.removed = added(this.removed, checkId);
  }
}

/** Puts an entry into a list that only its step can reach. */
function added<T>(list: readonly T[], entry: T): readonly T[] {
  if (list === NOTHING) return [entry];
  (list as T[]).push(entry);
  return list;
}
