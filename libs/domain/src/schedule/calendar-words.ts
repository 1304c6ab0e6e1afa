import type { CalendarFields, DaysOfMonth, DaysOfWeek } from './calendar-fields.ts';
import {
  counted,
  evenStep,
  listed,
  membersOf,
  membersOfSixty,
  numberWords,
  ordinal,
  padded,
} from './number-words.ts';

/** An expression in plain English: "At 02:30, Monday to Friday, in January". */
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const EVERY_MONTH = 0x1ffe;
const EVERY_DAY = 0x7fff_ffff;
const EVERY_WEEKDAY = 0x7f;

/** More times of a day than these are told by their minutes and hours. */
const MOST_TIMES_TOLD = 6;

/** What the fields say, without their zone. */
export function calendarWords(fields: CalendarFields): string {
  const parts = [timeWords(fields), dayWords(fields)];
  if (fields.months !== EVERY_MONTH) {
    parts.push(`in ${numberWords(membersOf(fields.months), (month) => MONTHS[month - 1] ?? '')}`);
  }
  if (fields.years !== null) parts.push(`in ${numberWords([...fields.years].sort((a, b) => a - b))}`);
  return parts.filter((part) => part !== '').join(', ');
}

function timeWords(fields: CalendarFields): string {
  const seconds = membersOfSixty(fields.seconds);
  const minutes = membersOfSixty(fields.minutes);
  const hours = membersOf(fields.hours);
  const isOnTheMinute = seconds.length === 1 && seconds[0] === 0;
  if (isOnTheMinute) return minuteWords(minutes, hours);
  if (seconds.length * minutes.length * hours.length <= MOST_TIMES_TOLD) {
    return `At ${listed(timesOf(hours, minutes).flatMap((time) => seconds.map((second) => `${time}:${padded(second)}`)))}`;
  }
  const step = stepThrough(seconds, 60);
  const second =
    seconds.length === 60
      ? 'Every second'
      : step === null
        ? `At ${named('second', seconds)}`
        : `Every ${step} seconds`;
  const rest = minuteWords(minutes, hours);
  return rest === 'Every minute' && (seconds.length === 60 || step !== null)
    ? second
    : `${second}, ${rest.charAt(0).toLowerCase()}${rest.slice(1)}`;
}

function minuteWords(minutes: readonly number[], hours: readonly number[]): string {
  const isEveryHour = hours.length === 24;
  const during = isEveryHour ? '' : ` of ${named('hour', hours)}`;
  if (minutes.length === 60) return `Every minute${during}`;
  if (minutes.length * hours.length <= MOST_TIMES_TOLD) return `At ${listed(timesOf(hours, minutes))}`;
  const step = stepThrough(minutes, 60);
  if (step !== null) {
    const from = minutes[0] === 0 ? '' : ` from minute ${minutes[0]} on`;
    return `Every ${counted(step, 'minute')}${from}${during}`;
  }
  const onTheHour = minutes.length === 1 && minutes[0] === 0;
  const at = onTheHour ? '' : ` at ${named('minute', minutes)}`;
  if (isEveryHour) return `Every hour${at}`;
  const hourStep = stepThrough(hours, 24);
  if (hourStep === null) return `At ${named('minute', minutes)}${during}`;
  return `Every ${hourStep} hours${hours[0] === 0 ? '' : ` from ${padded(hours[0] ?? 0)}:00 on`}${at}`;
}

function timesOf(hours: readonly number[], minutes: readonly number[]): string[] {
  return hours.flatMap((hour) => minutes.map((minute) => `${padded(hour)}:${padded(minute)}`));
}

function named(unit: string, numbers: readonly number[]): string {
  return `${unit}${numbers.length === 1 ? '' : 's'} ${numberWords(numbers)}`;
}

/** The step of numbers that go evenly round the clock: `0,15,30,45` of 60, but not `0,7,…,56`. */
function stepThrough(numbers: readonly number[], whole: number): number | null {
  const step = numbers.length === 2 ? (numbers[1] ?? 0) - (numbers[0] ?? 0) : evenStep(numbers);
  return step !== null && step * numbers.length === whole ? step : null;
}

function dayWords({ days, weekdays, bothDays }: CalendarFields): string {
  const byDay = days.plain === EVERY_DAY ? '' : dayOfMonthWords(days);
  const byWeekday = weekdays.plain === EVERY_WEEKDAY ? '' : weekdayWords(weekdays);
  if (byDay === '' || byWeekday === '') {
    // Of two fields of which one is enough, every day is every day.
    return bothDays ? byDay + byWeekday : '';
  }
  return bothDays
    ? `${byDay} if it is ${byWeekday.replace(/^on /, '')}`
    : `${byDay} or on ${byWeekday.replace(/^on /, '')}`;
}

function dayOfMonthWords({ plain, last, lastWorkday, fromEnd, nearestWorkday }: DaysOfMonth): string {
  const words: string[] = [];
  if (plain !== 0)
    words.push(
      `the ${numberWords(
        membersOf(plain).map((day) => day + 1),
        ordinal,
      )}`,
    );
  if (last) words.push('the last day');
  if (lastWorkday) words.push('the last workday');
  for (const day of nearestWorkday) words.push(`the workday nearest to the ${ordinal(day)}`);
  const ends = membersOf(fromEnd).map((day) => day + 1);
  if (ends.length === 1 && ends[0] === 1) words.push('the last day');
  else if (ends.length > 0) words.push(`the ${numberWords(ends, ordinal)} day from the end`);
  return `on ${listed(words)} of the month`;
}

function weekdayWords({ plain, last, nth }: DaysOfWeek): string {
  const words: string[] = [];
  if (plain !== 0) words.push(weekdaySetWords(plain));
  for (const one of nth) words.push(`the ${ordinal(one.nth)} ${WEEKDAYS[one.weekday]} of the month`);
  for (const weekday of last) words.push(`the last ${WEEKDAYS[weekday]} of the month`);
  return `${nth.length + last.length > 0 ? 'on ' : ''}${listed(words)}`;
}

/** A set of weekdays, bit 0 being Sunday, as a week that begins on Monday: "Monday to Friday", "Saturday and Sunday". */
export function weekdaySetWords(bits: number): string {
  const fromMonday = membersOf(bits)
    .map((weekday) => (weekday + 6) % 7)
    .sort((left, right) => left - right);
  return numberWords(fromMonday, (place) => WEEKDAYS[(place + 1) % 7] ?? '');
}
