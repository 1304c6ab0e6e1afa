export * from './assert.ts';
export * from './partition.ts';
export * from './event/activation.ts';
export * from './event/configuration.ts';
export * from './event/event.ts';
export * from './event/membership.ts';
export * from './event/ping.ts';
export * from './event/producer.ts';
export * from './event/transition.ts';
export * from './check/assertion.ts';
export { type CheckRow as CheckState } from './check/check-row.ts';
export * from './check/definition.ts';
export * from './check/fold.ts';
export * from './check/fold-step.ts';
export * from './check/partition-state.ts';
export * from './check/snapshot.ts';
export type { Hash, NewHash } from './check/snapshot-bytes.ts';
export * from './check/status.ts';
export * from './explain/explain.ts';
export { describeSchedule, type ScheduleDescription } from './schedule/describe-schedule.ts';
export { localTimeText } from './schedule/local-time.ts';
export type { ScheduleWarning, ScheduleWarningCode } from './schedule/schedule-warning.ts';
export { slotsAfter } from './schedule/slot-walk.ts';
export {
  compileSchedule,
  INITIAL_ZONE_VERSION,
  isKnownZoneVersion,
  nextSlotAfter,
  previousSlotAtOrBefore,
  slotBeginsAt,
  ZONE_VERSIONS,
  zoneNamed,
  type Compilation,
  type CompiledSchedule,
  type Schedule,
  type ScheduleProblem,
} from './schedule/schedule.ts';
export * from './delivery/default-route.ts';
export * from './what-if/fold-with.ts';
