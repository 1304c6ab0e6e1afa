import type { PingReceived } from '../event/ping.ts';
import type { PingCause } from '../event/transition.ts';
import type { CheckRow } from './check-row.ts';
import type { FoldStep } from './fold-step.ts';
import type { PartitionState } from './partition-state.ts';
import { remark } from './verdict.ts';

/**
 * A success that was read late (its ingest was thought dead, or had spooled it) had come in time for an expectation
 * that was called missed: that miss is taken back, in so many words. Nothing is deleted and no deadline moves back;
 * whether the check comes up again is for the success itself to say.
 */
export function retractMiss(
  state: PartitionState,
  check: CheckRow,
  { ping, cause }: { readonly ping: PingReceived; readonly cause: PingCause },
  step: FoldStep,
): void {
  if (!state.switches.retractions) return;
  const { receivedAt } = ping;
  const wrong = check.memory.misses.find(
    ({ countsAfterAt, deadlineAt, retracted }) =>
      !retracted && receivedAt > countsAfterAt && receivedAt <= deadlineAt,
  );
  if (wrong === undefined) return;
  const memory = check.remember();
  memory.misses = memory.misses.map((miss) => (miss === wrong ? { ...miss, retracted: true } : miss));
  if (check.missedInARow > 0) check.missedInARow -= 1;
  remark(state, check, step, {
    type: 'check.miss_retracted',
    at: receivedAt,
    reason: 'ping_came_late',
    cause: { kind: 'retraction', offset: cause.offset, n: cause.n, receivedAt, retractedSeq: wrong.seq },
  });
}
