import {
  compileSchedule,
  describeSchedule,
  localTimeText,
  slotBeginsAt,
  slotsAfter,
  zoneNamed,
  type Schedule,
} from '#domain';
import { HttpError } from '#platform';
import { guessedKind, scheduleFromText } from './schedule-text.ts';
import type { PreviewRequest } from './preview.schema.ts';

const OCCURRENCES_SHOWN = 5;

/** A schedule as it would be: when it is expected, in words and in instants, and what is surprising about it. */
export interface Preview {
  /** Of a window, the instants at which it closes. */
  readonly occurrences: readonly string[];
  readonly occurrences_local: readonly string[];
  readonly windows?: readonly { readonly opens_at: string; readonly closes_at: string }[];
  readonly description: string;
  readonly warnings: readonly { readonly code: string; readonly sentence: string }[];
  /** In seconds. */
  readonly default_grace: number;
}

/** The preview of what was requested, or a refusal that names the field and says what to write instead. */
export function previewOf(requested: PreviewRequest, now: number): Preview {
  const zoneName = requested.tz ?? 'UTC';
  const schedule = scheduleOf(requested, zoneName);
  const result = compileSchedule(schedule);
  if (!result.ok) throw new HttpError(400, `${result.field}: ${result.problem}`);
  const zone = zoneOf(zoneName);
  const fromAt = requested.from === undefined ? now : Date.parse(requested.from);
  const slots = slotsAfter(result.compiled, fromAt, requested.count ?? OCCURRENCES_SHOWN);
  const graceMs = requested.grace === undefined ? undefined : requested.grace * 1_000;
  const { words, warnings, defaultGraceMs } = describeSchedule(schedule, { fromAt, graceMs });
  const windows = slots.map((slotAt) => ({
    opens_at: utcText(slotBeginsAt(result.compiled, slotAt)),
    closes_at: utcText(slotAt),
  }));
  return {
    occurrences: slots.map(utcText),
    occurrences_local: slots.map((slotAt) => localTimeText(zone, slotAt)),
    ...(schedule.kind === 'window' ? { windows } : {}),
    description: words,
    warnings,
    default_grace: Math.round(defaultGraceMs / 1_000),
  };
}

function scheduleOf({ kind, schedule, timeout }: PreviewRequest, zone: string): Schedule {
  if (kind === 'none') return { kind };
  const text = schedule === undefined ? timeout?.toString() : String(schedule);
  if (kind === 'interval' || (kind === undefined && schedule === undefined)) {
    // The schedule of an interval is another name for its timeout; the timeout's own goes before.
    return intervalOf(timeout?.toString() ?? text, zone);
  }
  if (text === undefined || schedule === undefined) {
    throw new HttpError(400, `schedule: It is missing; ${EXAMPLES[kind ?? 'cron']}.`);
  }
  const asked = kind ?? guessedKind(text);
  return asked === 'interval' ? intervalOf(text, zone) : scheduleFromText({ kind: asked, text, zone });
}

const EXAMPLES = {
  cron: 'write for example "0 4 * * *"',
  oncalendar: 'write for example "Mon..Fri *-*-* 06:00:00"',
  window: 'write for example "mon-fri 06:00-08:00"',
} as const;

function intervalOf(text: string | undefined, zone: string): Schedule {
  const interval = scheduleFromText({ kind: 'interval', text: text ?? '', zone });
  if (interval.kind === 'interval' && Number.isNaN(interval.periodMs)) {
    throw new HttpError(
      400,
      'timeout: An interval is a number of seconds; write for example 3600 for an hour.',
    );
  }
  return interval;
}

/** Intervals have a zone too: that of the local times in the answer. */
function zoneOf(name: string): NonNullable<ReturnType<typeof zoneNamed>> {
  const zone = zoneNamed(name);
  if (zone !== null) return zone;
  const result = compileSchedule({ kind: 'cron', expressions: ['0 0 * * *'], zone: name });
  throw new HttpError(400, result.ok ? 'tz is not valid' : `${result.field}: ${result.problem}`);
}

function utcText(at: number): string {
  return localTimeText(zoneOf('UTC'), at).replace('+00:00', 'Z');
}
