import { evenStep, membersOf, membersOfSixty } from './number-words.ts';
import type { CompiledExpression, CompiledSchedule, Schedule } from './schedule-kinds.ts';
import { shown } from './schedule-refusal.ts';
import type { ScheduleWarning } from './schedule-warning.ts';

/** Surprises that lie in the text of an expression, whatever the date. */
export function textWarnings(schedule: Schedule, compiled: CompiledSchedule): ScheduleWarning[] {
  if (schedule.kind !== 'cron' && schedule.kind !== 'oncalendar') return [];
  if (compiled.kind !== 'cron' && compiled.kind !== 'oncalendar') return [];
  return compiled.expressions.flatMap((expression, index) => {
    const text = schedule.expressions[index] ?? '';
    const either = compiled.kind === 'cron' ? eitherDayField(text, expression) : [];
    return [...unevenSteps(text, expression), ...either];
  });
}

function unevenSteps(text: string, { fields }: CompiledExpression): ScheduleWarning[] {
  const units = [
    { unit: 'second', whole: 'minute', length: 60, numbers: membersOfSixty(fields.seconds) },
    { unit: 'minute', whole: 'hour', length: 60, numbers: membersOfSixty(fields.minutes) },
    { unit: 'hour', whole: 'day', length: 24, numbers: membersOf(fields.hours) },
  ];
  return units.flatMap(({ unit, whole, length, numbers }) => {
    const step = wholeStep(numbers, length);
    if (step === null || length % step === 0) return [];
    const last = numbers.at(-1) ?? 0;
    const sentence = `"${shown(text)}" is not every ${step} ${unit}s: ${length} is no multiple of ${step}, so that after ${unit} ${last} the next is ${unit} ${numbers[0]} of the following ${whole}, ${length - last + (numbers[0] ?? 0)} ${unit}s later.`;
    return [{ code: 'uneven_step' as const, sentence }];
  });
}

/** The step of numbers that go on as long as they fit; null for a list or a range that was meant to end before. */
function wholeStep(numbers: readonly number[], length: number): number | null {
  const [first = 0, second = 0] = numbers;
  const step = numbers.length === 2 ? second - first : evenStep(numbers);
  if (step === null || step < 2 || first >= step) return null;
  // Of two numbers only such as 0 and 40 are a step: a job at hours 0 and 13 is meant so.
  if (numbers.length === 2 && first !== 0) return null;
  return (numbers.at(-1) ?? 0) + step >= length ? step : null;
}

function eitherDayField(text: string, { fields }: CompiledExpression): ScheduleWarning[] {
  if (fields.bothDays || text.trim().startsWith('@')) return [];
  const sentence = `"${shown(text)}" restricts both the day of the month and the day of the week, so that cron takes every day that fits either of them, not only days that fit both; write * first in one field to restrict the other alone.`;
  return [{ code: 'either_day_field', sentence }];
}
