import type { CheckTransition } from '../../../libs/domain/src/event/transition.ts';
import { compileSchedule } from '../../../libs/domain/src/schedule/schedule.ts';
import { slotAfterReport } from '../oracle/naive-check.ts';
import { pingsByCheck, wasSentBefore } from '../oracle/segments.ts';
import { laneOf, type Persistence, type TruePing } from '../truth.ts';
import type { RanWorld } from '../world.ts';
import { differencesIn } from './comparison.ts';
import { since, type Examined, type Finding, type Invariant } from './finding.ts';

/** An ingest that died is told dead after the lease; well before that, whoever comes by must find its deadline moved. */
const SURELY_DEAD_MS = 9_000;
/** A client whose connection broke and who was through within so long was patient enough. */
const PATIENCE_MS = 5_000;
/** Clocks that are off, on both sides. */
const SKEW_MS = 5_000;

/**
 * I1: nobody is called missed who pinged in time, or whose ping died with an ingest and who came by another one soon.
 * A ping that came to light only after its ingest had been judged dead must take the miss back.
 */
export const noFalseAlarm: Invariant = (examined) => {
  const { world } = examined;
  const invented = differencesIn(examined).flatMap(({ segment, invented: verdicts }) =>
    verdicts.map((verdict) => ({
      invariant: 'I1',
      what: `${verdict.id} ${verdict.type} at ${since(world, verdict.at)}, though nothing led to it (known from ${since(world, segment.fromAt)})`,
    })),
  );
  return [...invented, ...contradictions(examined), ...baseless(examined)];
};

function contradictions({ world, byCheck }: Examined): Finding[] {
  return world.truth.partitions.flatMap((truth) => {
    const pings = pingsByCheck(truth);
    return [...pings].flatMap(([checkId, list]) => {
      if (world.truth.changesAsked.filter((change) => change.checkId === checkId).length > 1) return [];
      const verdicts = (byCheck.get(checkId) ?? []).map(({ verdict }) => verdict);
      return verdicts
        .filter(({ type }) => type === 'check.missed')
        .flatMap((miss) => {
          const what = contradiction(world, miss, { list, verdicts });
          return what === null
            ? []
            : [{ invariant: 'I1', what: `${miss.id} missed at ${since(world, miss.at)}, but ${what}` }];
        });
    });
  });
}

interface OfCheck {
  readonly list: readonly TruePing[];
  readonly verdicts: readonly CheckTransition[];
}

/** What speaks against a miss. */
function contradiction(world: RanWorld, miss: CheckTransition, { list, verdicts }: OfCheck): string | null {
  const deadlineAt = miss.deadlineAt ?? miss.at;
  const sinceAt = satisfiedFrom(world, miss);
  const inTime = list.filter(
    ({ ping, stampAt }) =>
      (ping.kind === 'success' || ping.kind === 'fail') &&
      stampAt > sinceAt &&
      stampAt <= deadlineAt &&
      !wasSentBefore(list, ping),
  );
  const known = inTime.find(({ posthumous }) => !posthumous);
  if (known !== undefined) return `it had pinged at ${since(world, known.stampAt)}`;
  const [late] = inTime.filter(({ ping }) => ping.kind === 'success');
  if (late !== undefined && !isRetracted(miss, verdicts) && !hasRetracted(late, verdicts)) {
    return `its ping of ${since(world, late.stampAt)} came to light later, and it was not taken back`;
  }
  const turnedAway =
    late === undefined && world.truth.persistences.some((each) => excuses(world, each, miss));
  return turnedAway ? 'its ping had died with an ingest and it came by another one at once' : null;
}

function isRetracted(miss: CheckTransition, verdicts: readonly CheckTransition[]): boolean {
  return verdicts.some(({ cause }) => cause.kind === 'retraction' && cause.retractedSeq === miss.seq);
}

/**
 * The ping took back an earlier miss. One ping counts for one expectation: the next miss stands for the one that would
 * have followed the ping by a period, a little later.
 */
function hasRetracted({ stampAt }: TruePing, verdicts: readonly CheckTransition[]): boolean {
  return verdicts.some(({ cause }) => cause.kind === 'retraction' && cause.receivedAt === stampAt);
}

/** From when on (exclusively) a report surely counts for the slot that was missed. */
function satisfiedFrom({ plan }: RanWorld, miss: CheckTransition): number {
  const definition = plan.checks.find(({ definition: { checkId } }) => checkId === miss.checkId)?.definition;
  const expectedAt = miss.expectedAt ?? miss.at;
  return definition?.schedule.kind === 'interval'
    ? expectedAt - definition.schedule.periodMs
    : expectedAt - 1;
}

/** Whether a report at that time leaves a later slot to be expected than the one that was missed. */
function isForSlot({ plan, truth }: RanWorld, miss: CheckTransition, at: number): boolean {
  const definition = plan.checks.find(({ definition: { checkId } }) => checkId === miss.checkId)?.definition;
  const changed = truth.changesAsked.filter(({ checkId }) => checkId === miss.checkId).length > 1;
  const compiled = definition === undefined ? null : compileSchedule(definition.schedule, miss.tz);
  if (changed || definition === undefined || compiled?.ok !== true || miss.expectedAt === null) return true;
  const nextAt = slotAfterReport(definition, compiled.compiled, at);
  return nextAt === null || nextAt > miss.expectedAt;
}

/** Whether the deadline lay between the death of an ingest and the time by which it was known to be dead. */
function excuses(world: RanWorld, each: Persistence, miss: CheckTransition): boolean {
  const { plan, truth } = world;
  if (plan.sparse || plan.ingests < 2 || each.checkId !== miss.checkId) return false;
  // Whoever hung on one that was silent for a lease before it broke was told dead meanwhile, and its time given then.
  if (each.brokenAt - each.triedAt > SURELY_DEAD_MS) return false;
  const partition = Number.parseInt(miss.checkId.slice(0, 8), 16) % plan.partitions;
  const ofPartition = truth.partitions[partition];
  if (ofPartition === undefined) return false;
  const definition = plan.checks.find(({ definition: { checkId } }) => checkId === miss.checkId)?.definition;
  const dueAt = (miss.expectedAt ?? 0) + (definition?.graceMs ?? 0);
  const backAt = laneOf(ofPartition, each.producer).joins.find((at) => at > each.brokenAt) ?? Infinity;
  const knownAt = Math.min(backAt, each.brokenAt + SURELY_DEAD_MS);
  const skewMs = plan.faults.skewed || plan.faults.clockStepMs !== null ? SKEW_MS : 0;
  const undecided =
    dueAt > each.brokenAt + skewMs && dueAt < knownAt - skewMs && each.triedAt < dueAt - skewMs;
  if (!undecided || each.stampAt <= miss.at || each.stampAt - each.brokenAt > PATIENCE_MS) return false;
  return othersLived(world, partition, each);
}

/** Another ingest was heard all the time, so that it was known when the dead one fell silent. */
function othersLived({ truth, plan }: RanWorld, partition: number, each: Persistence): boolean {
  const lanes = truth.partitions[partition]?.lanes ?? new Map();
  return [...lanes].some(([producer, { appends, joins }]) => {
    if (producer === each.producer) return false;
    const fromAt = each.brokenAt - 20_000;
    const untilAt = each.brokenAt + 30_000;
    const near = appends.filter((at: number) => at >= fromAt && at <= untilAt);
    const dense = near.every(
      (at: number, index: number) => index === 0 || at - (near[index - 1] ?? at) < plan.pace.tickMs * 4,
    );
    return near.length > 20 && dense && !joins.some((at: number) => at >= fromAt && at <= untilAt);
  });
}

/** A miss is taken back only by a ping that came to light late, and only once. */
function baseless({ world, byCheck }: Examined): Finding[] {
  return [...byCheck].flatMap(([checkId, list]) => {
    const retracted = new Set<number>();
    return list.flatMap(({ verdict: { cause, id }, partition }) => {
      if (cause.kind !== 'retraction') return [];
      const posthumous = world.truth.partitions[partition]?.pings.some(
        (ping) => ping.posthumous && ping.ping.checkId === checkId && ping.stampAt === cause.receivedAt,
      );
      const miss = list.find(({ verdict: { seq } }) => seq === cause.retractedSeq)?.verdict;
      const wrong: string[] = [];
      if (posthumous !== true) wrong.push('takes a miss back for no late ping');
      if (retracted.has(cause.retractedSeq)) wrong.push('takes the same miss back twice');
      if (miss === undefined || !isForSlot(world, miss, cause.receivedAt)) {
        wrong.push(
          `takes back ${miss?.id ?? 'nothing'}, for which its ping of ${since(world, cause.receivedAt)} was not`,
        );
      }
      retracted.add(cause.retractedSeq);
      return wrong.map((what) => ({ invariant: 'I1', what: `${id} ${what}` }));
    });
  });
}
