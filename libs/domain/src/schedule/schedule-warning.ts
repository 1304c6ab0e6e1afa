/** What is surprising about a schedule that is allowed all the same. */
export type ScheduleWarningCode =
  | 'no_more_slots'
  | 'grace_zero'
  | 'grace_longer_than_period'
  | 'uneven_step'
  | 'either_day_field'
  | 'clock_gap'
  | 'clock_overlap';

/** A surprise, and a sentence that says what will happen. */
export interface ScheduleWarning {
  readonly code: ScheduleWarningCode;
  readonly sentence: string;
}
