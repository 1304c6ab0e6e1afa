import type { Clock } from '../clock/clock.ts';
import type { Logger } from '../logging/logger.ts';

/** A clean end takes at most this long; what is not done by then is cut off, and nothing acknowledged is lost. */
const SHUTDOWN_LIMIT_MS = 9_000;

/** Ends the process cleanly on SIGTERM or SIGINT: exit status 0 when done, 1 when it took too long. */
export function onShutdownSignal(parts: { clock: Clock; logger: Logger; close: () => Promise<void> }): void {
  let closing = false;
  const close = (signal: string): void => {
    if (closing) return;
    closing = true;
    parts.logger.info({ signal }, 'Shutting down.');
    parts.clock.after(SHUTDOWN_LIMIT_MS, () => {
      parts.logger.error({}, 'Shutting down took too long; leaving now.');
      process.exit(1);
    });
    parts.close().then(
      () => process.exit(0),
      (error: unknown) => {
        parts.logger.error({ err: error }, 'Shutting down failed.');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => close('SIGTERM'));
  process.on('SIGINT', () => close('SIGINT'));
}
