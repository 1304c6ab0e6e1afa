import type { PingReceived } from '../event/ping.ts';
import type { Verdict } from '../event/transition.ts';

/** What a ping meant, for those who keep history: its number, and the run that it ended. */
export interface PingEffect {
  readonly kind: 'ping';
  readonly offset: number;
  readonly n: number;
  readonly ping: PingReceived;
  /** True: kept in the history but without influence (method filter, paused until resumed by hand). */
  readonly ignored: boolean;
  /** From the start of the same run to this end. */
  readonly durationMs: number | null;
}

/** A record that changed nothing, and why; counted, never silent. */
export interface DroppedEffect {
  readonly kind: 'dropped';
  readonly offset: number;
  readonly reason: 'repeated' | 'unknown_check' | 'stale_epoch' | 'not_joined' | 'stale_version';
}

/** Dense numbering was broken: records of this producer are missing from the log. */
export interface GapEffect {
  readonly kind: 'gap';
  readonly offset: number;
  readonly producer: string;
  readonly missing: number;
}

export type Effect = PingEffect | DroppedEffect | GapEffect;

/** What one record led to: numbered verdicts for the world, effects for the projections. */
export interface FoldStep {
  /** The record that led to all this. */
  readonly offset: number;
  readonly verdicts: Verdict[];
  readonly effects: Effect[];
  /** Checks whose state is no longer what it was. */
  readonly touched: Set<string>;
  readonly removed: Set<string>;
}

export function newFoldStep(offset: number): FoldStep {
  return { offset, verdicts: [], effects: [], touched: new Set(), removed: new Set() };
}
