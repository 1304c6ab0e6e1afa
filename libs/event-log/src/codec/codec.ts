import {
  BEAT_TYPES,
  TRANSITION_TYPES,
  type Beat,
  type CheckDefinition,
  type EventType,
  type Verdict,
} from '#domain';
import { readPingLine } from './ping-line.ts';

/**
 * The wire form: one line of JSON per record, with `v` and `type`. Readable by any Kafka tool. Fields that a reader
 * does not know are left alone; an older version is brought up to the newest here, so that nobody else sees it.
 */
const NEWEST_VERSION = 1;

const beatTypes: ReadonlySet<string> = new Set(BEAT_TYPES);
const verdictTypes: ReadonlySet<string> = new Set([
  ...TRANSITION_TYPES,
  'coverage.hole',
] satisfies EventType[]);

/** Why a record could not be read: counted and skipped, because a stopped partition would help nobody. */
export type Undecodable = 'not_json' | 'unknown_type' | 'unknown_version' | 'missing_field';

export type Decoded<T> =
  { readonly ok: true; readonly event: T } | { readonly ok: false; readonly reason: Undecodable };

export function encodeEvent(event: Beat | Verdict): string {
  return JSON.stringify(event);
}

export function decodeBeat(value: string): Decoded<Beat> {
  const ping = readPingLine(value);
  if (ping !== null) return { ok: true, event: ping };
  const decoded = decode<Beat>(value, beatTypes);
  if (!decoded.ok) return decoded;
  const { event } = decoded;
  const numbered =
    typeof event.producer === 'string' && Number.isInteger(event.epoch) && Number.isInteger(event.pseq);
  return numbered && hasOwnFields(event) ? decoded : { ok: false, reason: 'missing_field' };
}

export function decodeVerdict(value: string): Decoded<Verdict> {
  const decoded = decode<Verdict>(value, verdictTypes);
  if (!decoded.ok) return decoded;
  return Number.isInteger(decoded.event.oseq) ? decoded : { ok: false, reason: 'missing_field' };
}

function decode<T extends Beat | Verdict>(value: string, types: ReadonlySet<string>): Decoded<T> {
  let parsed: { v?: unknown; type?: unknown } | null;
  try {
    parsed = JSON.parse(value);
  } catch {
    return { ok: false, reason: 'not_json' };
  }
  if (typeof parsed !== 'object' || parsed === null) return { ok: false, reason: 'not_json' };
  if (typeof parsed.type !== 'string' || !types.has(parsed.type))
    return { ok: false, reason: 'unknown_type' };
  if (parsed.v !== NEWEST_VERSION) return { ok: false, reason: 'unknown_version' };
  return { ok: true, event: parsed as T };
}

/** The fields without which a record cannot be folded; the rest may be filled in by an up-cast. */
function hasOwnFields(beat: Beat): boolean {
  switch (beat.type) {
    case 'ping.received':
      return (
        typeof beat.checkId === 'string' && Number.isFinite(beat.receivedAt) && typeof beat.kind === 'string'
      );
    case 'watermark':
    case 'ingest.joined':
    case 'ingest.left':
      return Number.isFinite(beat.at);
    case 'ingest.expired':
      return typeof beat.expired === 'object' && beat.expired !== null;
    case 'check.configured':
      return typeof beat.definition === 'object' && typeof beat.definition?.checkId === 'string';
    case 'check.paused':
    case 'check.resumed':
    case 'check.removed':
      return typeof beat.checkId === 'string';
    case 'coverage.suspect':
      return Number.isFinite(beat.fromAt) && Number.isFinite(beat.untilAt);
    case 'tz.activated':
      return typeof beat.version === 'string';
    case 'rules.activated':
      return Number.isInteger(beat.version);
    default:
      return false;
  }
}

/** What `holter.definitions` holds under a check's id: its newest definition. A tombstone means it is gone. */
export function encodeDefinition(definition: CheckDefinition): string {
  return JSON.stringify({ v: NEWEST_VERSION, type: 'definition', definition });
}

export function decodeDefinition(value: string): CheckDefinition | null {
  try {
    const parsed: { v?: unknown; definition?: CheckDefinition } = JSON.parse(value);
    return parsed.v === NEWEST_VERSION && typeof parsed.definition?.checkId === 'string'
      ? parsed.definition
      : null;
  } catch {
    return null;
  }
}
