import { atOrAbove, atOrBelow, highest, lowest, sixtyAtOrAbove, sixtyAtOrBelow } from './bit-set.ts';
import { DAY_SECONDS, dateOf, daysOf } from './civil.ts';
import type { CronFields } from './cron-fields.ts';
import { dayBits, type Month } from './day-bits.ts';

/**
 * How far a match is looked for. The longest wait between leap days is 8 years, and for one on a given weekday 40
 * (across 2100, which is no leap year).
 */
export const YEARS_SEARCHED = 50;

const MONTHS_SEARCHED = YEARS_SEARCHED * 12;

/** The first local time at or after `fromLocal` (whole seconds, plain calendar) that the fields name, or null. */
export function nextLocal(fields: CronFields, fromLocal: number): number | null {
  const days = Math.floor(fromLocal / DAY_SECONDS);
  const { year, month, day } = dateOf(days);
  const here = isMonth(fields, month) ? dayBits(fields, { year, month, firstDay: days - day + 1 }) : 0;
  if ((here & (1 << (day - 1))) !== 0) {
    const time = nextTimeOfDay(fields, fromLocal - days * DAY_SECONDS);
    if (time >= 0) return days * DAY_SECONDS + time;
  }
  const later = atOrAbove(here, day);
  if (later >= 0) return (days - day + 1 + later) * DAY_SECONDS + nextTimeOfDay(fields, 0);
  const index = year * 12 + month - 1;
  for (let ahead = index + 1; ahead <= index + MONTHS_SEARCHED; ahead += 1) {
    if (!isMonth(fields, monthOfYear(ahead))) continue;
    const that = monthAt(ahead);
    const bits = dayBits(fields, that);
    if (bits !== 0) return (that.firstDay + lowest(bits)) * DAY_SECONDS + nextTimeOfDay(fields, 0);
  }
  return null;
}

/** The last local time at or before `fromLocal` that the fields name, or null within the years searched. */
export function previousLocal(fields: CronFields, fromLocal: number): number | null {
  const days = Math.floor(fromLocal / DAY_SECONDS);
  const { year, month, day } = dateOf(days);
  const here = isMonth(fields, month) ? dayBits(fields, { year, month, firstDay: days - day + 1 }) : 0;
  if ((here & (1 << (day - 1))) !== 0) {
    const time = previousTimeOfDay(fields, fromLocal - days * DAY_SECONDS);
    if (time >= 0) return days * DAY_SECONDS + time;
  }
  const endOfDay = previousTimeOfDay(fields, DAY_SECONDS - 1);
  const earlier = atOrBelow(here, day - 2);
  if (earlier >= 0) return (days - day + 1 + earlier) * DAY_SECONDS + endOfDay;
  const index = year * 12 + month - 1;
  for (let back = index - 1; back >= index - MONTHS_SEARCHED; back -= 1) {
    if (!isMonth(fields, monthOfYear(back))) continue;
    const that = monthAt(back);
    const bits = dayBits(fields, that);
    if (bits !== 0) return (that.firstDay + highest(bits)) * DAY_SECONDS + endOfDay;
  }
  return null;
}

function isMonth(fields: CronFields, month: number): boolean {
  return (fields.months & (1 << month)) !== 0;
}

function monthOfYear(index: number): number {
  return index - Math.floor(index / 12) * 12 + 1;
}

function monthAt(index: number): Month {
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  return { year, month, firstDay: daysOf(year, month, 1) };
}

/** The least second of the day at or after `from` that the fields name, or -1. */
function nextTimeOfDay({ hours, minutes, seconds }: CronFields, from: number): number {
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
function previousTimeOfDay({ hours, minutes, seconds }: CronFields, from: number): number {
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
