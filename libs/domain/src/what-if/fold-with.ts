import { fold } from '../check/fold.ts';
import { newPartitionState } from '../check/partition-state.ts';
import type { Beat } from '../event/event.ts';
import { alarmDifference, type Alarm, type AlarmDifference } from './alarm.ts';
import { AlarmBook } from './alarm-book.ts';
import { problemOf, type ChangeProblem } from './change-problem.ts';
import type { RecordedBeat, RulesChange } from './rules-change.ts';

export type { Alarm, AlarmDifference, AlarmPair } from './alarm.ts';
export type { ChangeProblem } from './change-problem.ts';
export type { RecordedBeat, RulesChange } from './rules-change.ts';

/** What would have been, or why the change cannot be tried. */
export type WhatIf = ({ readonly ok: true } & AlarmDifference) | ({ readonly ok: false } & ChangeProblem);

/**
 * What if: folds one partition's records twice, as they are and with other rules in every configuration of these
 * checks, and answers how their alarms differ. The records must begin where the checks were configured; nothing is
 * changed by it, and the same records always give the same answer.
 */
export function foldWith(beats: readonly RecordedBeat[], change: RulesChange): WhatIf {
  const problem = problemOf(beats, change);
  if (problem !== null) return { ok: false, ...problem };
  const after = alarmsOf(beats, (beat) => changed(beat, change));
  return {
    ok: true,
    ...alarmDifference(
      alarmsOf(beats, (beat) => beat),
      after,
    ),
  };
}

function alarmsOf(beats: readonly RecordedBeat[], read: (beat: Beat) => Beat): readonly Alarm[] {
  const state = newPartitionState(0);
  const book = new AlarmBook(state);
  for (const { offset, beat } of beats) book.take(fold(state, offset, read(beat)));
  return book.alarms;
}

function changed(beat: Beat, { checkIds, set }: RulesChange): Beat {
  if (beat.type !== 'check.configured') return beat;
  const { definition } = beat;
  if (checkIds !== 'all' && !checkIds.includes(definition.checkId)) return beat;
  return { ...beat, definition: { ...definition, ...set } };
}
