import type { Examined } from './invariants/finding.ts';

/** How much a world had to look at; sums over worlds are what is claimed. */
export interface Totals {
  readonly worlds: number;
  readonly simulatedMs: number;
  readonly checks: number;
  readonly pings: number;
  readonly posthumousPings: number;
  readonly records: number;
  /** Stretches in which every verdict was known beforehand, and the verdicts in them. */
  readonly knownStretches: number;
  readonly knownVerdicts: number;
  readonly expiries: number;
  readonly holes: number;
  readonly held: number;
  readonly repeatsDropped: number;
  readonly transitions: Readonly<Record<string, number>>;
}

export const NOTHING: Totals = {
  worlds: 0,
  simulatedMs: 0,
  checks: 0,
  pings: 0,
  posthumousPings: 0,
  records: 0,
  knownStretches: 0,
  knownVerdicts: 0,
  expiries: 0,
  holes: 0,
  held: 0,
  repeatsDropped: 0,
  transitions: {},
};

export function totalsOf({ world, refolds, told, segments }: Examined): Totals {
  const transitions: Record<string, number> = {};
  let held = 0;
  for (const { verdict } of refolds.flatMap(({ pronounced }) => pronounced)) {
    transitions[verdict.type] = (transitions[verdict.type] ?? 0) + 1;
    if ('hold' in verdict && verdict.hold) held += 1;
  }
  const pings = world.truth.partitions.flatMap((partition) => partition.pings);
  return {
    worlds: 1,
    simulatedMs: world.plan.lengthMs,
    checks: world.plan.checks.length,
    pings: pings.length,
    posthumousPings: pings.filter(({ posthumous }) => posthumous).length,
    records: world.logs.reduce((sum, { beats }) => sum + beats.length, 0),
    knownStretches: segments.length,
    knownVerdicts: segments.reduce((sum, { expected }) => sum + expected.length, 0),
    expiries: world.truth.partitions.reduce((sum, { expiries }) => sum + expiries.length, 0),
    holes: transitions['coverage.hole'] ?? 0,
    held,
    repeatsDropped: told.reduce((sum, { repeats }) => sum + repeats, 0),
    transitions,
  };
}

export function added(left: Totals, right: Totals): Totals {
  const transitions: Record<string, number> = { ...left.transitions };
  for (const [type, count] of Object.entries(right.transitions)) {
    transitions[type] = (transitions[type] ?? 0) + count;
  }
  return {
    worlds: left.worlds + right.worlds,
    simulatedMs: left.simulatedMs + right.simulatedMs,
    checks: left.checks + right.checks,
    pings: left.pings + right.pings,
    posthumousPings: left.posthumousPings + right.posthumousPings,
    records: left.records + right.records,
    knownStretches: left.knownStretches + right.knownStretches,
    knownVerdicts: left.knownVerdicts + right.knownVerdicts,
    expiries: left.expiries + right.expiries,
    holes: left.holes + right.holes,
    held: left.held + right.held,
    repeatsDropped: left.repeatsDropped + right.repeatsDropped,
    transitions,
  };
}

const YEAR_MS = 365.25 * 86_400_000;

/** The totals as people read them. */
export function linesOf(totals: Totals): string[] {
  const lines: [string, string | number][] = [
    ['worlds', totals.worlds],
    ['simulated time', `${(totals.simulatedMs / YEAR_MS).toFixed(1)} years`],
    ['checks', totals.checks],
    ['pings', totals.pings],
    ['came to light late', totals.posthumousPings],
    ['records folded', totals.records],
    ['exactly known', `${totals.knownVerdicts} verdicts in ${totals.knownStretches} stretches`],
    ['ingests expired', totals.expiries],
    ['held back', totals.held],
    ['repeats dropped', totals.repeatsDropped],
    ...Object.entries(totals.transitions).sort(([left], [right]) => (left < right ? -1 : 1)),
    ['retractions', totals.transitions['check.miss_retracted'] ?? 0],
  ];
  return lines.map(([name, value]) => `${name.padEnd(22)}${value}`);
}
