import { pino, type Logger as PinoLogger } from 'pino';
import pretty from 'pino-pretty';
import { errorCode, errorMessage } from '../error-code.ts';

/** Structured logging: fields first, then a sentence. Shaped as pino's, so that a test can hand in less. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Paths that must never be printed, wherever an object with them is logged. */
const SECRET_PATHS = ['*.authorization', '*["x-api-key"]', '*.secret', '*.password', '*.apiKey'];

/** What of an error is worth a line: drivers hang whole connections, keys included, on theirs. */
function errorFields(error: unknown): object {
  const stack = error instanceof Error ? error.stack : undefined;
  return { message: errorMessage(error), code: errorCode(error), stack };
}

/** JSON lines for machines; on a terminal, lines for people. */
export function createLogger(options: { level: LogLevel; name: string; terminal: boolean }): Logger {
  const settings = {
    level: options.level,
    name: options.name,
    redact: SECRET_PATHS,
    serializers: { err: errorFields },
  };
  const logger: PinoLogger = options.terminal
    ? pino(
        settings,
        pretty({ colorize: true, ignore: 'pid,hostname,name', translateTime: 'HH:MM:ss', sync: true }),
      )
    : pino(settings);
  return logger;
}

const nothing = (): void => undefined;

/** Says nothing; for tests and tools. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
};
