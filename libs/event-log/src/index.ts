export * from './event-log.ts';
export * from './topics.ts';
export * from './codec/codec.ts';
export { MemoryEventLog } from './memory/memory-event-log.ts';
export { MemoryStore } from './memory/memory-store.ts';
export { PostgresEventLog } from './postgres/postgres-event-log.ts';
export { POSTGRES_LOG_SCHEMA } from './postgres/schema.ts';
