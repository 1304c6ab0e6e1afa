import { describe, expect, it } from '@jest/globals';
import { fold, newPartitionState, type Beat, type PartitionState, type Verdict } from '#domain';
import fc from 'fast-check';
import { encodeEvent } from '../codec/codec.ts';
import type { LogRecord } from '../event-log.ts';
import { foldBatch } from './fold-batch.ts';
import { CHECKS, anyLog, twoOrders } from './small-world.contract.ts';

const RUNS = { numRuns: 200 };

function recordsOf(log: readonly Beat[]): LogRecord[] {
  return log.map((beat, offset) => ({ offset, key: 'key', value: encodeEvent(beat) }));
}

/** Folds batch by batch; answers every verdict as the bytes that would be written, and the checks at the end. */
function judged(batches: readonly (readonly LogRecord[])[]): { bytes: string; checks: string } {
  const state = newPartitionState(0);
  const verdicts: Verdict[] = [];
  for (const records of batches) {
    const nextOffset = (records.at(-1)?.offset ?? -1) + 1;
    const batch = { topic: 'holter.beats', partition: 0, records, nextOffset } as const;
    foldBatch(state, batch, (step) => verdicts.push(...step.verdicts));
  }
  return { bytes: verdicts.map(encodeEvent).join('\n'), checks: checksOf(state) };
}

/** What is read of the checks, and not how they are kept: where a check is filed is the state's own business. */
function checksOf(state: PartitionState): string {
  const checks = CHECKS.map((id) => shownOf(state.checks.get(id)));
  return JSON.stringify({ clockAt: state.clockAt, size: state.checks.size, checks });
}

function shownOf(check: ReturnType<PartitionState['checks']['get']>): object | null {
  if (check === undefined) return null;
  const { checkId, projectId, configVersion, status, seq, pingCount, lastReason } = check;
  const { lastPingAt, lastStartAt, expectedAt, deadlineAt, lastDurationMs, downSinceAt } = check;
  const judgement = { checkId, projectId, configVersion, status, seq, pingCount, lastReason };
  const instants = { lastPingAt, lastStartAt, expectedAt, deadlineAt, lastDurationMs, downSinceAt };
  return { ...judgement, ...instants, openRuns: check.runs.length };
}

function cut(records: readonly LogRecord[], sizes: readonly number[]): LogRecord[][] {
  const batches: LogRecord[][] = [];
  for (let from = 0, turn = 0; from < records.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    batches.push(records.slice(from, from + size));
    from += size;
  }
  return batches;
}

/** As the PostgreSQL log thins: a watermark may go when the next record is a watermark of the same producer. */
function thinned(log: readonly Beat[], mayGo: (index: number) => boolean): LogRecord[] {
  return recordsOf(log).filter((_, index) => {
    const [beat, next] = [log[index], log[index + 1]];
    const superseded =
      beat?.type === 'watermark' && next?.type === 'watermark' && beat.producer === next.producer;
    return !(superseded && mayGo(index));
  });
}

/** Offsets are places in one log; two orders of the same facts have others. */
function withoutOffsets(bytes: string): string {
  return bytes.replaceAll(/"(offset|lastPingOffset)":(\d+|null)/g, '"$1":0');
}

describe('the same log', () => {
  it('gives the same bytes in batches of any size, and however often a batch is offered again', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(anyLog, sizes, fc.boolean(), (log, lengths, again) => {
        const records = recordsOf(log);
        const batches = cut(records, lengths);
        const offered = again
          ? batches.flatMap((batch, index) => [batch, [...(batches[index - 1] ?? []), ...batch]])
          : batches;
        expect(judged(offered)).toEqual(judged([records]));
      }),
      RUNS,
    );
  });

  it('gives the same bytes when superseded watermarks have been thinned out', () => {
    fc.assert(
      fc.property(anyLog, fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (log, gone) => {
        const whole = judged([recordsOf(log)]);
        expect(judged([thinned(log, () => true)])).toEqual(whole);
        expect(judged([thinned(log, (index) => gone[index % gone.length] === true)])).toEqual(whole);
      }),
      RUNS,
    );
  });

  it('gives the same verdicts when any record of it was appended again later', () => {
    const repeats = fc.array(fc.tuple(fc.nat(200), fc.nat(40)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(anyLog, repeats, (log, places) => {
        const longer = [...log];
        for (const [from, later] of places) {
          const beat = longer[from % longer.length];
          if (beat !== undefined) longer.splice((from % longer.length) + 1 + later, 0, beat);
        }
        const once = judged([recordsOf(log)]);
        expect(withoutOffsets(judged([recordsOf(longer)]).bytes)).toBe(withoutOffsets(once.bytes));
      }),
      RUNS,
    );
  });
});

describe('the same facts', () => {
  it('give the same verdicts in every order of the log that keeps the order of each ingest', () => {
    fc.assert(
      fc.property(twoOrders, ([one, other]) => {
        const [left, right] = [judged([recordsOf(one)]), judged([recordsOf(other)])];
        expect(withoutOffsets(left.bytes)).toBe(withoutOffsets(right.bytes));
      }),
      RUNS,
    );
  });
});

describe('any log', () => {
  it('is numbered without gaps, and neither the clock nor the history of a check goes back', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const state = newPartitionState(0);
        const seen = new Map<string, { seq: number; at: number }>();
        const breaches: unknown[] = [];
        let oseq = 0;
        for (const [offset, beat] of log.entries()) {
          const clockAt = state.clockAt;
          const { verdicts } = fold(state, offset, beat);
          if (state.clockAt < clockAt) breaches.push({ offset, clockAt, now: state.clockAt });
          for (const verdict of verdicts) {
            oseq += 1;
            if (verdict.oseq !== oseq) breaches.push(verdict);
            if (verdict.type === 'coverage.hole') continue;
            const before = seen.get(verdict.checkId) ?? { seq: 0, at: 0 };
            // A check that was removed and came back is numbered anew.
            const follows = verdict.seq === before.seq + 1 && verdict.at >= before.at;
            if (!follows && verdict.seq !== 1) breaches.push(verdict);
            seen.set(verdict.checkId, verdict);
          }
        }
        expect(breaches).toEqual([]);
      }),
      RUNS,
    );
  });

  it('makes no miss of an expectation that a hole of more than a minute met', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const holes: { fromAt: number; untilAt: number }[] = [];
        const breaches: unknown[] = [];
        const state = newPartitionState(0);
        for (const [offset, beat] of log.entries()) {
          for (const verdict of fold(state, offset, beat).verdicts) {
            if (verdict.type === 'coverage.hole') holes.push(verdict);
            if (verdict.type !== 'check.missed') continue;
            const { expectedAt, deadlineAt } = verdict;
            const met = holes.filter(
              ({ fromAt, untilAt }) =>
                untilAt - fromAt > 60_000 && (expectedAt ?? 0) < untilAt && (deadlineAt ?? 0) >= fromAt,
            );
            if (met.length > 0) breaches.push({ verdict, met });
          }
        }
        expect(breaches).toEqual([]);
      }),
      RUNS,
    );
  });
});
