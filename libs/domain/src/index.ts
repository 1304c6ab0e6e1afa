export * from './assert.ts';
export * from './partition.ts';
export * from './event/configuration.ts';
export * from './event/event.ts';
export * from './event/membership.ts';
export * from './event/ping.ts';
export * from './event/producer.ts';
export * from './event/transition.ts';
export * from './check/check-state.ts';
export * from './check/definition.ts';
export * from './check/fold.ts';
export * from './check/fold-step.ts';
export * from './check/partition-state.ts';
export * from './check/status.ts';
export {
  compileSchedule,
  nextSlotAfter,
  previousSlotAtOrBefore,
  type CompiledSchedule,
  type Schedule,
} from './schedule/schedule.ts';
export * from './delivery/default-route.ts';
