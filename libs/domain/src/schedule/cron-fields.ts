import type { Sixty } from './bit-set.ts';

/** A parsed cron expression. Months are bits 1 to 12, hours bits 0 to 23; `days` and `weekdays` are joined by `bothDays`. */
export interface CronFields {
  readonly seconds: Sixty;
  readonly minutes: Sixty;
  readonly hours: number;
  readonly days: DaysOfMonth;
  readonly months: number;
  readonly weekdays: DaysOfWeek;
  /** Both day fields must match when either is written with a star first; else one of them is enough. */
  readonly bothDays: boolean;
  /** Minute or hour is written with a star first: the job follows real time through changes of the clock. */
  readonly wildcard: boolean;
}

/** The day-of-month field: plain days (bit 0 is the 1st) and what depends on the month. */
export interface DaysOfMonth {
  readonly plain: number;
  /** `L`: the last day. */
  readonly last: boolean;
  /** `LW`: the last day from Monday to Friday. */
  readonly lastWorkday: boolean;
  /** `15W`: the day from Monday to Friday nearest to this one, in its month. */
  readonly nearestWorkday: readonly number[];
}

/** The day-of-week field: plain weekdays (bit 0 is Sunday) and single ones of the month. */
export interface DaysOfWeek {
  readonly plain: number;
  /** `5L`: the last Friday of the month. */
  readonly last: readonly number[];
  /** `MON#2`: the second Monday of the month. */
  readonly nth: readonly { readonly weekday: number; readonly nth: number }[];
}
