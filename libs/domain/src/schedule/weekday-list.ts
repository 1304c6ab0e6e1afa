import { ScheduleRefusal, shown } from './schedule-refusal.ts';

/**
 * Lists of weekdays as systemd writes them and windows take them: `Mon..Fri`, `mon-fri`, `Sat,Sunday`. The week begins
 * on Monday, so that a range from Saturday to Sunday goes from less to more.
 */
const FROM_MONDAY = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** The set of weekdays, bit 0 being Sunday. */
export function weekdayBits(list: string): number {
  let bits = 0;
  for (const item of list.split(',')) {
    const [from = '', to = from, ...more] = item.split(/\.\.|-/);
    const first = placeOf(from);
    const last = placeOf(to);
    if (first < 0 || last < 0 || more.length > 0) throw misunderstood(item);
    if (first > last) throw reversed(item, from, to);
    for (let place = first; place <= last; place += 1) bits |= 1 << ((place + 1) % 7);
  }
  return bits;
}

/** Monday is 0; -1 for what is no weekday. Three letters, or all of them. */
function placeOf(name: string): number {
  const lower = name.toLowerCase();
  return FROM_MONDAY.findIndex((day) => lower === day || lower === day.slice(0, 3));
}

function misunderstood(item: string): ScheduleRefusal {
  const what = item === '' ? 'The list of weekdays has an empty place' : `"${shown(item)}" is not a weekday`;
  return new ScheduleRefusal(`${what}; write Mon to Sun, a list (Mon,Thu) or a range (Mon..Fri).`);
}

function reversed(item: string, from: string, to: string): ScheduleRefusal {
  const head = from.toLowerCase().startsWith('sun') ? from : `${from}..Sun`;
  const tail = to.toLowerCase().startsWith('mon') ? to : `Mon..${to}`;
  return new ScheduleRefusal(
    `"${shown(item)}" is not a range within a week from Monday to Sunday; write "${head},${tail}".`,
  );
}
