import type { CalendarFields } from './calendar-fields.ts';
import type { WindowFields } from './window-parse.ts';
import type { Zone } from './zone.ts';

/**
 * When a job is expected. `interval` counts from its last report; `cron` and `oncalendar` name instants in a zone, by
 * one or several expressions; `window` names stretches of local time in which it must report; `none` expects nothing,
 * only runs that were opened are watched.
 */
export type Schedule =
  | { readonly kind: 'interval'; readonly periodMs: number }
  | { readonly kind: 'cron'; readonly expressions: readonly string[]; readonly zone: string }
  | { readonly kind: 'oncalendar'; readonly expressions: readonly string[]; readonly zone: string }
  | { readonly kind: 'window'; readonly window: string; readonly zone: string }
  | { readonly kind: 'none' };

/** An interval that was found good: it has no slots of its own, only a distance from an anchor. */
export interface CompiledInterval {
  readonly kind: 'interval';
  readonly periodMs: number;
}

/** One expression, and the zone whose clock it is read by. */
export interface CompiledExpression {
  readonly fields: CalendarFields;
  readonly zone: Zone;
}

/** A schedule by expressions that was found good: its slots are instants, whoever asks. */
export interface CompiledCalendar {
  readonly kind: 'cron' | 'oncalendar';
  /** A slot of any of them is a slot. */
  readonly expressions: readonly CompiledExpression[];
}

/** Windows that were found good: their slots are the instants at which they close. */
export interface CompiledWindow {
  readonly kind: 'window';
  readonly fields: WindowFields;
  readonly zone: Zone;
}

/** Nothing is expected. */
export interface CompiledNone {
  readonly kind: 'none';
}

/** A schedule that was found good and is ready to be asked. */
export type CompiledSchedule = CompiledInterval | CompiledCalendar | CompiledWindow | CompiledNone;

/** Which field of a request is at fault, and a sentence that says what to write instead. */
export interface ScheduleProblem {
  readonly ok: false;
  readonly field: 'timeout' | 'schedule' | 'tz';
  readonly problem: string;
}

/** A schedule made ready, or why it cannot be. */
export type Compilation = { readonly ok: true; readonly compiled: CompiledSchedule } | ScheduleProblem;
