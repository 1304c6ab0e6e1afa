import { lowest } from './bit-set.ts';
import { daysInMonth, weekdayOf } from './civil.ts';
import type { CalendarFields, DaysOfMonth, DaysOfWeek } from './calendar-fields.ts';

/** A month, and the day number of its 1st. */
export interface Month {
  readonly year: number;
  readonly month: number;
  readonly firstDay: number;
}

/** The days of one month that both day fields allow together, bit 0 being the 1st; the month field is not asked. */
export function dayBits(fields: CalendarFields, { year, month, firstDay }: Month): number {
  const length = daysInMonth(year, month);
  const firstWeekday = weekdayOf(firstDay);
  const all = length === 31 ? 0x7fff_ffff : (1 << length) - 1;
  const byDay = bitsByDay(fields.days, length, firstWeekday);
  const byWeekday = bitsByWeekday(fields.weekdays, length, firstWeekday);
  return (fields.bothDays ? byDay & byWeekday : byDay | byWeekday) & all;
}

function bitsByDay(days: DaysOfMonth, length: number, firstWeekday: number): number {
  let bits = days.plain;
  for (let rest = days.fromEnd; rest !== 0; rest &= rest - 1) bits |= 1 << (length - 1 - lowest(rest));
  if (days.last) bits |= 1 << (length - 1);
  if (days.lastWorkday) bits |= 1 << (nearestWorkday(length, length, firstWeekday) - 1);
  for (const day of days.nearestWorkday) {
    if (day <= length) bits |= 1 << (nearestWorkday(day, length, firstWeekday) - 1);
  }
  return bits;
}

/** A Saturday gives way to the Friday before, a Sunday to the Monday after, unless that leaves the month. */
function nearestWorkday(day: number, length: number, firstWeekday: number): number {
  const weekday = (firstWeekday + day - 1) % 7;
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < length ? day + 1 : day - 2;
  return day;
}

function bitsByWeekday(weekdays: DaysOfWeek, length: number, firstWeekday: number): number {
  // The week as it begins with the 1st, then five times over; what stands past the month's end is cut off later.
  const week = ((weekdays.plain >> firstWeekday) | (weekdays.plain << (7 - firstWeekday))) & 0x7f;
  let bits = (week | (week << 7) | (week << 14) | (week << 21) | (week << 28)) & 0x7fff_ffff;
  for (const { weekday, nth } of weekdays.nth) {
    const day = ((weekday - firstWeekday + 7) % 7) + 7 * (nth - 1);
    if (day < length) bits |= 1 << day;
  }
  for (const weekday of weekdays.last) {
    const lastWeekday = (firstWeekday + length - 1) % 7;
    bits |= 1 << (length - 1 - ((lastWeekday - weekday + 7) % 7));
  }
  return bits;
}
