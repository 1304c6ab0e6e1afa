import type { Examined, Finding, Invariant } from './finding.ts';

/** Mass silence: at least so many checks of so many projects within a minute. */
const CHECKS_MIN = 20;
const PROJECTS_MIN = 3;
const WINDOW_MS = 60_000;

/** I11: only mass silence holds a transition back: enough checks of enough projects fell silent in the same minute. */
export const hold: Invariant = ({ refolds }: Examined) =>
  refolds.flatMap(({ pronounced }): Finding[] => {
    const missed = pronounced.flatMap(({ verdict }) => (verdict.type === 'check.missed' ? [verdict] : []));
    return missed.flatMap((held) => {
      if (!held.hold) return [];
      const near = missed.filter(({ at }) => at > held.at - WINDOW_MS && at <= held.at);
      const checks = new Set(near.map(({ checkId }) => checkId)).size;
      const projects = new Set(near.map(({ projectId }) => projectId)).size;
      if (checks >= CHECKS_MIN && projects >= PROJECTS_MIN) return [];
      const what = `${held.id} is held back, but only ${checks} checks of ${projects} projects fell silent`;
      return [{ invariant: 'I11', what }];
    });
  });
