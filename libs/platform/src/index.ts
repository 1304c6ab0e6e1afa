export type { Clock } from './clock/clock.ts';
export { SystemClock } from './clock/system-clock.ts';
export * from './config/settings.config.ts';
export { Health, type Probe } from './health/health.ts';
export { ErrorFilter, answerFor } from './http/error-filter.ts';
export { HttpError } from './http/http-error.ts';
export { PortTakenError, listenOn, type Listening } from './http/listen.ts';
export { mountOperations } from './http/operations.ts';
export { createLogger, silentLogger, type LogLevel, type Logger } from './logging/logger.ts';
export { NestLogger } from './logging/nest-logger.ts';
export {
  createMetrics,
  type CounterOf,
  type GaugeOf,
  type HistogramOf,
  type Metrics,
} from './metrics/metrics.ts';
export { onShutdownSignal } from './process/shutdown.ts';
export {
  DataFolderBusyError,
  lockDataFolder,
  readOrCreateSecret,
  writeWhole,
} from './data-folder/data-folder.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres/embedded-postgres.ts';
export { errorCode, errorMessage } from './error-code.ts';
export { PLATFORM, PlatformModule, type Platform } from './platform.module.ts';
export { Wakeup } from './clock/wakeup.ts';
export { CidrListError, parseCidrList, type Cidr } from './outbound/cidr.ts';
export { createGuardedHttp, type GuardedHttp, type OutboundRequest } from './outbound/guarded-http.ts';
export type {
  OutboundAnswer,
  OutboundFailureReason,
  OutboundOutcome,
  OutboundRefusalReason,
} from './outbound/outbound-outcome.ts';
export { createHttpApp } from './http/create-http-app.ts';
export { runMain } from './process/run-main.ts';
export { createServicePlatform, serve, startApp, type Served, type ServedProcess } from './process/serve.ts';
