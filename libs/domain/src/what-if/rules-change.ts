import type { CheckRules } from '../check/definition.ts';
import type { Beat } from '../event/event.ts';

/** A record and its place in the log. */
export interface RecordedBeat {
  readonly offset: number;
  readonly beat: Beat;
}

/** Rules that some checks would have had from their first configuration on. */
export interface RulesChange {
  readonly checkIds: readonly string[] | 'all';
  readonly set: Partial<CheckRules>;
}
