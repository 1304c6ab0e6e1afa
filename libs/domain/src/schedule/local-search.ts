import { atOrAbove, atOrBelow, highest, lowest, sixtyAtOrAbove, sixtyAtOrBelow } from './bit-set.ts';
import { DAY_SECONDS, dateOf, daysOf } from './civil.ts';
import type { CalendarFields } from './calendar-fields.ts';
import { dayBits, type Month } from './day-bits.ts';

/**
 * How far a match is looked for. The longest wait between leap days is 8 years, and for one on a given weekday 40
 * (across 2100, which is no leap year).
 */
export const YEARS_SEARCHED = 50;

/** The years that may be written, as in systemd: 1970 to 2199. Where they are, just their months are searched. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2199;

/** The first local time at or after `fromLocal` (whole seconds, plain calendar) that the fields name, or null. */
export function nextLocal(fields: CalendarFields, fromLocal: number): number | null {
  const days = Math.floor(fromLocal / DAY_SECONDS);
  const { year, month, day } = dateOf(days);
  const here = hereBits(fields, { year, month, firstDay: days - day + 1 });
  if ((here & (1 << (day - 1))) !== 0) {
    const time = nextTimeOfDay(fields, fromLocal - days * DAY_SECONDS);
    if (time >= 0) return days * DAY_SECONDS + time;
  }
  const later = atOrAbove(here, day);
  if (later >= 0) return (days - day + 1 + later) * DAY_SECONDS + nextTimeOfDay(fields, 0);
  return firstOfLaterMonth(fields, year, month);
}

/** Goes from named month to named month: a far date costs its years, not their months. */
function firstOfLaterMonth(fields: CalendarFields, year: number, month: number): number | null {
  const { months, years } = fields;
  const lastYear = years === null ? year + YEARS_SEARCHED : LAST_YEAR;
  const isBefore = years !== null && year < FIRST_YEAR;
  let from = isBefore ? 1 : month + 1;
  for (let that = isBefore ? FIRST_YEAR : year; that <= lastYear; that += 1, from = 1) {
    if (years !== null && !years.has(that)) continue;
    for (let named = atOrAbove(months, from); named >= 0; named = atOrAbove(months, named + 1)) {
      const firstDay = daysOf(that, named, 1);
      const bits = dayBits(fields, { year: that, month: named, firstDay });
      if (bits !== 0) return (firstDay + lowest(bits)) * DAY_SECONDS + nextTimeOfDay(fields, 0);
    }
  }
  return null;
}

/** The last local time at or before `fromLocal` that the fields name, or null within the years searched. */
export function previousLocal(fields: CalendarFields, fromLocal: number): number | null {
  const days = Math.floor(fromLocal / DAY_SECONDS);
  const { year, month, day } = dateOf(days);
  const here = hereBits(fields, { year, month, firstDay: days - day + 1 });
  if ((here & (1 << (day - 1))) !== 0) {
    const time = previousTimeOfDay(fields, fromLocal - days * DAY_SECONDS);
    if (time >= 0) return days * DAY_SECONDS + time;
  }
  const earlier = atOrBelow(here, day - 2);
  if (earlier >= 0)
    return (days - day + 1 + earlier) * DAY_SECONDS + previousTimeOfDay(fields, DAY_SECONDS - 1);
  return lastOfEarlierMonth(fields, year, month);
}

function lastOfEarlierMonth(fields: CalendarFields, year: number, month: number): number | null {
  const { months, years } = fields;
  const firstYear = years === null ? year - YEARS_SEARCHED : FIRST_YEAR;
  const isAfter = years !== null && year > LAST_YEAR;
  let from = isAfter ? 12 : month - 1;
  for (let that = isAfter ? LAST_YEAR : year; that >= firstYear; that -= 1, from = 12) {
    if (years !== null && !years.has(that)) continue;
    for (let named = atOrBelow(months, from); named >= 0; named = atOrBelow(months, named - 1)) {
      const firstDay = daysOf(that, named, 1);
      const bits = dayBits(fields, { year: that, month: named, firstDay });
      if (bits === 0) continue;
      return (firstDay + highest(bits)) * DAY_SECONDS + previousTimeOfDay(fields, DAY_SECONDS - 1);
    }
  }
  return null;
}

/** The days of the month that a search begins in; none if the fields do not name it. */
function hereBits(fields: CalendarFields, here: Month): number {
  const { months, years } = fields;
  const isNamed = (months & (1 << here.month)) !== 0 && (years === null || years.has(here.year));
  return isNamed ? dayBits(fields, here) : 0;
}

/** The least second of the day at or after `from` that the fields name, or -1. */
function nextTimeOfDay({ hours, minutes, seconds }: CalendarFields, from: number): number {
  const hour = Math.floor(from / 3_600);
  const minute = Math.floor(from / 60) - hour * 60;
  if ((hours & (1 << hour)) !== 0) {
    const sameMinute = sixtyAtOrAbove(minutes, minute) === minute;
    const second = sameMinute ? sixtyAtOrAbove(seconds, from % 60) : -1;
    if (second >= 0) return hour * 3_600 + minute * 60 + second;
    const laterMinute = sixtyAtOrAbove(minutes, minute + 1);
    if (laterMinute >= 0) return hour * 3_600 + laterMinute * 60 + sixtyAtOrAbove(seconds, 0);
  }
  const laterHour = atOrAbove(hours, hour + 1);
  if (laterHour < 0) return -1;
  return laterHour * 3_600 + sixtyAtOrAbove(minutes, 0) * 60 + sixtyAtOrAbove(seconds, 0);
}

/** The greatest second of the day at or before `from` that the fields name, or -1. */
function previousTimeOfDay({ hours, minutes, seconds }: CalendarFields, from: number): number {
  const hour = Math.floor(from / 3_600);
  const minute = Math.floor(from / 60) - hour * 60;
  if ((hours & (1 << hour)) !== 0) {
    const sameMinute = sixtyAtOrBelow(minutes, minute) === minute;
    const second = sameMinute ? sixtyAtOrBelow(seconds, from % 60) : -1;
    if (second >= 0) return hour * 3_600 + minute * 60 + second;
    const earlierMinute = sixtyAtOrBelow(minutes, minute - 1);
    if (earlierMinute >= 0) return hour * 3_600 + earlierMinute * 60 + sixtyAtOrBelow(seconds, 59);
  }
  const earlierHour = atOrBelow(hours, hour - 1);
  if (earlierHour < 0) return -1;
  return earlierHour * 3_600 + sixtyAtOrBelow(minutes, 59) * 60 + sixtyAtOrBelow(seconds, 59);
}
