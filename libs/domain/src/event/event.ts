import type { CheckConfigured, CheckPaused, CheckRemoved, CheckResumed } from './configuration.ts';
import type { CoverageSuspect, RulesActivated, ZonesActivated } from './activation.ts';
import type { IngestExpired, IngestJoined, IngestLeft, Watermark } from './membership.ts';
import type { PingReceived } from './ping.ts';
import { TRANSITION_TYPES } from './transition.ts';

/** What the topic `holter.beats` may hold. */
export type Beat =
  | PingReceived
  | Watermark
  | IngestJoined
  | IngestLeft
  | IngestExpired
  | CheckConfigured
  | CheckPaused
  | CheckResumed
  | CheckRemoved
  | CoverageSuspect
  | ZonesActivated
  | RulesActivated;

export const BEAT_TYPES = [
  'ping.received',
  'watermark',
  'ingest.joined',
  'ingest.left',
  'ingest.expired',
  'check.configured',
  'check.paused',
  'check.resumed',
  'check.removed',
  'coverage.suspect',
  'tz.activated',
  'rules.activated',
] as const satisfies readonly Beat['type'][];

/** Every wire event; each has a golden file. */
export const EVENT_TYPES = [...BEAT_TYPES, ...TRANSITION_TYPES, 'coverage.hole'] as const;
export type EventType = (typeof EVENT_TYPES)[number];
