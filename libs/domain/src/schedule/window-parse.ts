import { ScheduleRefusal, shown } from './schedule-refusal.ts';
import { weekdayBits } from './weekday-list.ts';

/** Stretches of local time in which a job must report: they open on these weekdays, and last 24 hours at most. */
export interface WindowFields {
  /** The weekdays on which it opens, bit 0 being Sunday. */
  readonly weekdays: number;
  /** Minutes since midnight. */
  readonly opensMinute: number;
  /** Minutes since the midnight before it opens: 1440 and more are on the next day. */
  readonly closesMinute: number;
}

/** Text to fields, or a sentence that says what to write. */
export type WindowParse =
  { readonly ok: true; readonly fields: WindowFields } | { readonly ok: false; readonly problem: string };

const DAY_MINUTES = 1_440;
const EVERY_WEEKDAY = 0x7f;
const LONGEST_WINDOW = 100;

const WHAT_TO_WRITE = 'write for example "06:00-08:00" or "mon-fri 22:00-02:00"';

/** Parses `06:00-08:00`, with weekdays before it or without. */
export function parseWindow(text: string): WindowParse {
  try {
    return { ok: true, fields: fieldsOf(text) };
  } catch (error) {
    if (error instanceof ScheduleRefusal) return { ok: false, problem: error.message };
    throw error;
  }
}

function fieldsOf(text: string): WindowFields {
  if (text.length > LONGEST_WINDOW) {
    throw new ScheduleRefusal(`A window has at most ${LONGEST_WINDOW} characters; ${WHAT_TO_WRITE}.`);
  }
  const trimmed = text.trim();
  if (trimmed === '') throw new ScheduleRefusal(`A window is needed; ${WHAT_TO_WRITE}.`);
  const times = trimmed.match(/\d{1,2}:\d{2}/g) ?? [];
  if (times.length > 2) {
    throw new ScheduleRefusal(
      `"${shown(trimmed)}" has more than one opening and one closing time; ${WHAT_TO_WRITE}, and make a check for each window.`,
    );
  }
  const parts = /^(?:([a-z][a-z.,-]*)[ \t]+)?(\d{1,2}:\d{2})[ \t]*-[ \t]*(\d{1,2}:\d{2})$/i.exec(trimmed);
  if (parts === null) {
    throw new ScheduleRefusal(
      `"${shown(trimmed)}" is not an opening and a closing time, with weekdays before them or without; ${WHAT_TO_WRITE}.`,
    );
  }
  const [, days, opens = '', closes = ''] = parts;
  const opensMinute = minuteOf(opens, 'opening');
  const closesMinute = minuteOf(closes, 'closing');
  return {
    weekdays: days === undefined ? EVERY_WEEKDAY : weekdayBits(days),
    opensMinute,
    closesMinute: closesMinute > opensMinute ? closesMinute : closesMinute + DAY_MINUTES,
  };
}

/** 24:00 may close a window: people write it for the end of the day. */
function minuteOf(time: string, which: 'opening' | 'closing'): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const minutes = hour * 60 + minute;
  if (minute > 59 || minutes > DAY_MINUTES || (minutes === DAY_MINUTES && which === 'opening')) {
    const last = which === 'closing' ? '24:00' : '23:59';
    throw new ScheduleRefusal(
      `The ${which} time "${time}" is out of range; write a time from 00:00 to ${last}.`,
    );
  }
  return minutes;
}
