import { foldOn } from '../refold.ts';
import { digestOf, stateOf } from '../snapshot-codec.ts';
import type { Examined, Finding, Invariant } from './finding.ts';

/** So many snapshots of a partition are folded on to the end of its log; all would take longer than the world. */
const SNAPSHOTS_TRIED = 1;

/**
 * I3: the same log gives the same bytes and the same state, whoever folds it: both evaluators with all their restarts,
 * and anybody who begins at the beginning or at any snapshot.
 */
export const determinism: Invariant = (examined) => [
  ...sameBytes(examined),
  ...sameStates(examined),
  ...sameFromSnapshots(examined),
];

function sameBytes({ world, refolds }: Examined): Finding[] {
  return world.logs.flatMap(({ written }, partition) => {
    const pronounced = refolds[partition]?.pronounced ?? [];
    const json = pronounced.map(({ verdict }) => JSON.stringify(verdict));
    const newest = written.reduce((most, { verdict }) => Math.max(most, verdict.oseq), 0);
    const missing =
      newest === json.length ? [] : [`${json.length} verdicts follow from the log, ${newest} were written`];
    const different = written.find((each) => each.json !== json[each.verdict.oseq - 1]);
    if (different !== undefined)
      missing.push(
        `verdict ${different.verdict.oseq} was written as ${different.json}, but follows as ${json[different.verdict.oseq - 1] ?? 'nothing'}`,
      );
    return missing.map((what) => ({ invariant: 'I3', what: `partition ${partition}: ${what}` }));
  });
}

function sameStates({ world, refolds }: Examined): Finding[] {
  return refolds.flatMap(({ state }, partition) => {
    const digest = digestOf(state);
    return world.evaluators.flatMap((evaluator) => {
      const other = evaluator.stateOf(partition);
      const same = other !== null && digestOf(other) === digest;
      const what = `partition ${partition}: ${evaluator.name} ended with another state at ${other?.nextOffset ?? 'no offset'} of ${state.nextOffset}`;
      return same ? [] : [{ invariant: 'I3', what }];
    });
  });
}

function sameFromSnapshots({ world, refolds }: Examined): Finding[] {
  return world.logs.flatMap(({ beats }, partition) => {
    const end = refolds[partition];
    if (end === undefined) return [];
    const digest = digestOf(end.state);
    const json = end.pronounced.map(({ verdict }) => JSON.stringify(verdict));
    const taken = world.snapshots.all.filter((each) => each.partition === partition);
    const step = Math.max(1, Math.floor(taken.length / SNAPSHOTS_TRIED));
    return taken
      .filter((_, index) => index % step === Math.floor(step / 2))
      .flatMap(({ snapshot }) => {
        const state = stateOf(snapshot.pieces, world.rules.fold);
        if (state === null) return [];
        const from = state.oseq;
        const { pronounced } = foldOn(state, beats);
        const same =
          digestOf(state) === digest &&
          pronounced.every(({ verdict }, index) => JSON.stringify(verdict) === json[from + index]) &&
          from + pronounced.length === json.length;
        const what = `partition ${partition}: folded on from the snapshot at ${snapshot.offset} it came out differently`;
        return same ? [] : [{ invariant: 'I3', what }];
      });
  });
}
