import type { ProducedBy } from './producer.ts';

/** In this stretch pings may have been lost before they reached us (canaries were missing, an operator says so). */
export interface CoverageSuspect extends ProducedBy {
  readonly v: 1;
  readonly type: 'coverage.suspect';
  readonly fromAt: number;
  readonly untilAt: number;
  readonly reason: 'canary_missing' | 'sequence_gap' | 'operator';
}

/** From here on slots are computed with this version of the time zone tables. */
export interface ZonesActivated extends ProducedBy {
  readonly v: 1;
  readonly type: 'tz.activated';
  readonly version: string;
}

/** From here on the fold judges by this version of its rules; a release that does not know it must stop. */
export interface RulesActivated extends ProducedBy {
  readonly v: 1;
  readonly type: 'rules.activated';
  readonly version: number;
}
