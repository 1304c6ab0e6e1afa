import type { Sixty } from './bit-set.ts';

/**
 * What a schedule does when its zone's clock is changed. `follow`: it follows real time, so that times in a gap do not
 * happen and repeated ones happen twice. `catchUp`: it is due once for all its times in a gap, at the first instant
 * after it, and for a repeated time in the first pass only. `skip`: times in a gap do not happen, repeated ones happen
 * in the first pass only.
 */
export type AtClockChange = 'follow' | 'catchUp' | 'skip';

/** A parsed expression. Months are bits 1 to 12, hours bits 0 to 23; `days` and `weekdays` are joined by `bothDays`. */
export interface CalendarFields {
  readonly seconds: Sixty;
  readonly minutes: Sixty;
  readonly hours: number;
  readonly days: DaysOfMonth;
  readonly months: number;
  readonly weekdays: DaysOfWeek;
  /** Both day fields must match when either is written with a star first; else one of them is enough. */
  readonly bothDays: boolean;
  /** Null is every year. */
  readonly years: ReadonlySet<number> | null;
  readonly atClockChange: AtClockChange;
}

/** The day-of-month field: plain days (bit 0 is the 1st) and what depends on the month. */
export interface DaysOfMonth {
  readonly plain: number;
  /** `L`: the last day. */
  readonly last: boolean;
  /** `LW`: the last day from Monday to Friday. */
  readonly lastWorkday: boolean;
  /** `~1` of systemd: days counted from the month's end, the last being bit 0; at most the last 28. */
  readonly fromEnd: number;
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
