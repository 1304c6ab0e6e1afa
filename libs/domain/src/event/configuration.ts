import type { CheckDefinition } from '../check/definition.ts';
import type { ProducedBy } from './producer.ts';

/** The full configuration of a check from this place of the log on; the log alone can rebuild everything. */
export interface CheckConfigured extends ProducedBy {
  readonly v: 1;
  readonly type: 'check.configured';
  readonly definition: CheckDefinition;
}

export interface CheckPaused extends ProducedBy {
  readonly v: 1;
  readonly type: 'check.paused';
  readonly checkId: string;
}

export interface CheckResumed extends ProducedBy {
  readonly v: 1;
  readonly type: 'check.resumed';
  readonly checkId: string;
}

export interface CheckRemoved extends ProducedBy {
  readonly v: 1;
  readonly type: 'check.removed';
  readonly checkId: string;
}

export type ConfigurationChange = CheckConfigured | CheckPaused | CheckResumed | CheckRemoved;
