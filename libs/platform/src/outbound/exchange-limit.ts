// The overall limit of one exchange. The limits inside an HTTP client count silence, and a receiver that
// sends one byte now and then is never silent; only a limit on the whole ends that.
import type { Clock } from '../clock/clock.ts';
import { ExchangeCut } from './transport-failure.ts';

/** A running limit; `end` must be called when the exchange is over. */
export interface ExchangeLimit {
  readonly signal: AbortSignal;
  /** Rejects with `ExchangeCut` when the limit is reached or the caller gives up, and never otherwise. */
  readonly cut: Promise<never>;
  end(): void;
}

/** Starts a limit of `lengthMs`, which the caller's own signal can bring forward. */
export function limitExchange(clock: Clock, lengthMs: number, outer: AbortSignal | undefined): ExchangeLimit {
  const controller = new AbortController();
  const giveUp = (): void => controller.abort(new ExchangeCut('aborted', 'The request was given up.'));
  // Wired by hand: AbortSignal.any keeps a trace of every exchange for as long as a process-wide outer signal
  // lives.
  if (outer?.aborted) giveUp();
  else outer?.addEventListener('abort', giveUp, { once: true });
  const cancel = clock.after(lengthMs, () =>
    controller.abort(new ExchangeCut('timeout', `No complete answer within ${lengthMs} ms.`)),
  );
  const cut = new Promise<never>((_resolve, reject) => {
    if (controller.signal.aborted) reject(controller.signal.reason);
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  cut.catch(() => undefined);
  return {
    signal: controller.signal,
    cut,
    end: () => {
      cancel();
      outer?.removeEventListener('abort', giveUp);
    },
  };
}
