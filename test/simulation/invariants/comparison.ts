import type { CheckTransition, TransitionType } from '../../../libs/domain/src/event/transition.ts';
import { JITTER_MS, type Expected } from '../oracle/naive-check.ts';
import type { Segment } from '../oracle/segments.ts';
import type { Examined } from './finding.ts';

/** The verdicts that the naive model knows; the others are about things that it does not look at. */
const KNOWN: ReadonlySet<TransitionType> = new Set<TransitionType>([
  'check.late',
  'check.missed',
  'check.failed',
  'check.hung',
  'check.recovered',
]);

/** What the naive model and the fold do not agree on in one stretch. */
export interface Difference {
  readonly segment: Segment;
  readonly lost: readonly Expected[];
  readonly invented: readonly CheckTransition[];
  readonly otherStatus: readonly CheckTransition[];
}

/** Compares every stretch in which all is known with what was pronounced in it. */
export function differencesIn({ segments, byCheck }: Examined): Difference[] {
  return segments.flatMap((segment) => {
    const found = (byCheck.get(segment.definition.checkId) ?? [])
      .map(({ verdict }) => verdict)
      .filter((verdict) => KNOWN.has(verdict.type) && verdict.at < segment.untilAt)
      .filter((verdict) => isInside(segment, verdict.type, instantOf(verdict)));
    const expected = new Map<string, Expected[]>();
    for (const each of segment.expected) {
      const name = `${each.type} ${each.at}`;
      expected.set(name, [...(expected.get(name) ?? []), each]);
    }
    const invented: CheckTransition[] = [];
    const otherStatus: CheckTransition[] = [];
    for (const verdict of found) {
      const match = expected.get(`${verdict.type} ${instantOf(verdict)}`)?.shift();
      if (match === undefined) invented.push(verdict);
      else if (match.statusAfter !== null && match.statusAfter !== verdict.statusAfter)
        otherStatus.push(verdict);
    }
    const lost = [...expected.values()]
      .flat()
      .filter(({ type, optional, at }) => !optional && isInside(segment, type, at));
    return lost.length + invented.length + otherStatus.length === 0
      ? []
      : [{ segment, lost, invented, otherStatus }];
  });
}

/** Lateness is known by the slot: what else was said in the moment that it waits may push its own instant on. */
function instantOf({ type, at, expectedAt }: CheckTransition): number {
  return type === 'check.late' ? (expectedAt ?? at) : at;
}

function isInside({ fromAt, untilAt }: Segment, type: TransitionType, at: number): boolean {
  return at > fromAt && at < (type === 'check.late' ? untilAt - JITTER_MS - 1 : untilAt);
}
