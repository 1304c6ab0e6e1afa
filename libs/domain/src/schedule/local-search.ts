import { DAY_SECONDS, dateOf, daysInMonth, daysOf, weekdayOf } from './civil.ts';
import type { CronFields, DayRule, WeekdayRule } from './cron-fields.ts';

/** How far ahead a match is looked for. The longest wait between two leap days is 8 years; MON#5 in February, 40. */
const YEARS_SEARCHED = 50;

/** The first local time at or after `fromLocal` (seconds, plain calendar) that the fields name, or null. */
export function nextLocal(fields: CronFields, fromLocal: number): number | null {
  const firstDay = Math.floor(fromLocal / DAY_SECONDS);
  const secondOfDay = fromLocal - firstDay * DAY_SECONDS;
  if (dayMatches(fields, firstDay)) {
    const time = nextTimeOfDay(fields, secondOfDay);
    if (time !== null) return firstDay * DAY_SECONDS + time;
  }
  const day = nextDay(fields, firstDay + 1);
  const time = nextTimeOfDay(fields, 0);
  return day === null || time === null ? null : day * DAY_SECONDS + time;
}

/** The last local time at or before `fromLocal` that the fields name, or null within the years searched. */
export function previousLocal(fields: CronFields, fromLocal: number): number | null {
  const firstDay = Math.floor(fromLocal / DAY_SECONDS);
  if (dayMatches(fields, firstDay)) {
    const time = previousTimeOfDay(fields, fromLocal - firstDay * DAY_SECONDS);
    if (time !== null) return firstDay * DAY_SECONDS + time;
  }
  const day = previousDay(fields, firstDay - 1);
  const time = previousTimeOfDay(fields, DAY_SECONDS - 1);
  return day === null || time === null ? null : day * DAY_SECONDS + time;
}

function nextDay(fields: CronFields, fromDay: number): number | null {
  const start = dateOf(fromDay);
  for (let months = 0; months <= YEARS_SEARCHED * 12; months += 1) {
    const index = start.month - 1 + months;
    const year = start.year + Math.floor(index / 12);
    const month = (index % 12) + 1;
    if (!fields.months.includes(month)) continue;
    const first = daysOf(year, month, 1);
    for (let day = months === 0 ? start.day : 1; day <= daysInMonth(year, month); day += 1) {
      if (dayMatches(fields, first + day - 1)) return first + day - 1;
    }
  }
  return null;
}

function previousDay(fields: CronFields, fromDay: number): number | null {
  const start = dateOf(fromDay);
  for (let months = 0; months <= YEARS_SEARCHED * 12; months += 1) {
    const index = start.year * 12 + start.month - 1 - months;
    const year = Math.floor(index / 12);
    const month = index - year * 12 + 1;
    if (!fields.months.includes(month)) continue;
    const first = daysOf(year, month, 1);
    for (let day = months === 0 ? start.day : daysInMonth(year, month); day >= 1; day -= 1) {
      if (dayMatches(fields, first + day - 1)) return first + day - 1;
    }
  }
  return null;
}

function dayMatches(fields: CronFields, days: number): boolean {
  const { year, month, day } = dateOf(days);
  if (!fields.months.includes(month)) return false;
  const weekday = weekdayOf(days);
  const length = daysInMonth(year, month);
  const byDay = fields.days.some((rule) => dayRuleMatches(rule, day, weekday, length));
  const byWeekday = fields.weekdays.some((rule) => weekdayRuleMatches(rule, day, weekday, length));
  return fields.daysAnd ? byDay && byWeekday : byDay || byWeekday;
}

function dayRuleMatches(rule: DayRule, day: number, weekday: number, length: number): boolean {
  switch (rule.kind) {
    case 'day':
      return rule.day === day;
    case 'last':
      return day === length;
    case 'last_weekday':
      return day === nearestWeekday(length, day, weekday, length);
    case 'nearest_weekday':
      return rule.day <= length && day === nearestWeekday(rule.day, day, weekday, length);
  }
}

/** The day from Monday to Friday that is nearest to `wanted` in its month, seen from a day whose weekday is known. */
function nearestWeekday(wanted: number, day: number, weekday: number, length: number): number {
  const at = (((weekday + wanted - day) % 7) + 7) % 7;
  if (at === 6) return wanted > 1 ? wanted - 1 : wanted + 2;
  if (at === 0) return wanted < length ? wanted + 1 : wanted - 2;
  return wanted;
}

function weekdayRuleMatches(rule: WeekdayRule, day: number, weekday: number, length: number): boolean {
  if (rule.weekday !== weekday) return false;
  switch (rule.kind) {
    case 'weekday':
      return true;
    case 'nth':
      return Math.ceil(day / 7) === rule.nth;
    case 'last':
      return day > length - 7;
  }
}

function nextTimeOfDay(fields: CronFields, fromSecond: number): number | null {
  const fromHour = Math.floor(fromSecond / 3_600);
  const fromMinute = Math.floor(fromSecond / 60) % 60;
  for (const hour of fields.hours) {
    if (hour < fromHour) continue;
    for (const minute of fields.minutes) {
      if (hour === fromHour && minute < fromMinute) continue;
      const base = hour * 3_600 + minute * 60;
      const second = fields.seconds.find((one) => base + one >= fromSecond);
      if (second !== undefined) return base + second;
    }
  }
  return null;
}

function previousTimeOfDay(fields: CronFields, fromSecond: number): number | null {
  for (const hour of [...fields.hours].reverse()) {
    if (hour * 3_600 > fromSecond) continue;
    for (const minute of [...fields.minutes].reverse()) {
      const base = hour * 3_600 + minute * 60;
      if (base > fromSecond) continue;
      const second = [...fields.seconds].reverse().find((one) => base + one <= fromSecond);
      if (second !== undefined) return base + second;
    }
  }
  return null;
}
