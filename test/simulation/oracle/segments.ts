import type { CheckDefinition } from '../../../libs/domain/src/check/definition.ts';
import { INITIAL_ZONE_VERSION } from '../../../libs/domain/src/schedule/schedule.ts';
import type { PartitionTruth, Span, TruePing } from '../truth.ts';
import type { RanWorld } from '../world.ts';
import { between, disturbancesOf, disturbancesOfCheck, merged } from './calm.ts';
import { NaiveCheck, type Expected } from './naive-check.ts';

/** A stretch in which everything about a check is known, from a report to the next disturbance. */
export interface Segment extends Span {
  readonly partition: number;
  readonly definition: CheckDefinition;
  readonly expected: readonly Expected[];
}

/** A run that lost its end may be called hung later than it should, by what holes and late pings gave to it. */
const RUN_EXTENSION_MS = 150_000;

/** Every stretch of a world in which the verdicts are known to the millisecond. */
export function segmentsOf(world: RanWorld): Segment[] {
  return world.truth.partitions.flatMap((truth, partition) => {
    const disturbed = disturbancesOf(world, truth);
    const pings = pingsByCheck(truth);
    return [...pings].flatMap(([checkId, list]) => {
      const spans = merged([...disturbed, ...disturbancesOfCheck(world, truth, checkId)]);
      const all = { truth, partition, checkId, pings: list };
      return between(spans, world.endAt).flatMap((span) => segmentIn(span, spans, all));
    });
  });
}

/** The pings of each check in the order of their stamps. */
export function pingsByCheck(truth: PartitionTruth): Map<string, TruePing[]> {
  const byCheck = new Map<string, TruePing[]>();
  for (const ping of truth.pings) {
    const list = byCheck.get(ping.ping.checkId);
    if (list === undefined) byCheck.set(ping.ping.checkId, [ping]);
    else list.push(ping);
  }
  for (const list of byCheck.values()) list.sort(byStamp);
  return byCheck;
}

function byStamp({ ping: left }: TruePing, { ping: right }: TruePing): number {
  if (left.receivedAt !== right.receivedAt) return left.receivedAt - right.receivedAt;
  if (left.producer !== right.producer) return left.producer < right.producer ? -1 : 1;
  return left.epoch === right.epoch ? left.pseq - right.pseq : left.epoch - right.epoch;
}

interface OfCheck {
  readonly truth: PartitionTruth;
  readonly partition: number;
  readonly checkId: string;
  readonly pings: readonly TruePing[];
}

function segmentIn(span: Span, disturbed: readonly Span[], all: OfCheck): Segment[] {
  const definition = definitionAt(all, span.fromAt);
  if (definition === null) return [];
  const lostMs = disturbed
    .filter(({ fromAt, untilAt }) => fromAt > 0 && untilAt <= span.fromAt)
    .reduce((sum, { fromAt, untilAt }) => sum + untilAt - fromAt, RUN_EXTENSION_MS);
  const runtimeMs = (definition.maxRuntimeMs ?? definition.graceMs) + lostMs;
  const inside = all.pings.filter(({ stampAt }) => stampAt > span.fromAt && stampAt < span.untilAt);
  const first = inside.findIndex(
    ({ ping }) =>
      (ping.kind === 'success' || ping.kind === 'fail') &&
      !wasSentBefore(all.pings, ping) &&
      !mayHaveOpenRun(all.pings, { fromAt: ping.receivedAt - runtimeMs, untilAt: ping.receivedAt }),
  );
  const begin = inside[first];
  if (begin === undefined) return [];
  const naive = new NaiveCheck(definition, zoneVersionAt(all.truth, span.fromAt));
  for (const { ping, stampAt } of all.pings) {
    if (stampAt < begin.stampAt && (ping.kind === 'success' || ping.kind === 'fail')) naive.remember(ping);
  }
  naive.begin(begin.ping);
  for (const { ping } of inside.slice(first + 1)) naive.ping(ping);
  naive.pass(span.untilAt);
  const { partition } = all;
  return [{ partition, definition, fromAt: begin.stampAt, untilAt: span.untilAt, expected: naive.expected }];
}

/** A client that got no answer sends the same end again; whether that counts is known only later. */
export function wasSentBefore(
  pings: readonly TruePing[],
  { rid, kind, receivedAt }: TruePing['ping'],
): boolean {
  if (rid === null) return false;
  return pings.some(({ ping, stampAt }) => ping.rid === rid && ping.kind === kind && stampAt < receivedAt);
}

/** The tables that the log has gone over to by then. */
function zoneVersionAt({ zoneVersions }: PartitionTruth, at: number): string {
  return zoneVersions.findLast(({ appendedAt }) => appendedAt <= at)?.version ?? INITIAL_ZONE_VERSION;
}

/** Whether a run that began in the span may not have ended by its end. */
function mayHaveOpenRun(pings: readonly TruePing[], { fromAt, untilAt }: Span): boolean {
  const open = new Set<string | null>();
  for (const { ping, stampAt } of pings) {
    if (stampAt < fromAt) continue;
    if (stampAt > untilAt) break;
    if (ping.kind === 'start') open.add(ping.rid);
    else if (ping.rid === null) open.clear();
    else open.delete(ping.rid);
  }
  return open.size > 0;
}

/** What is in force by then; null when the check is not there, or no longer. */
function definitionAt({ truth, checkId }: OfCheck, at: number): CheckDefinition | null {
  let definition: CheckDefinition | null = null;
  for (const change of truth.changes) {
    if (change.checkId !== checkId || change.appendedAt > at) continue;
    if (change.type === 'check.removed') return null;
    definition = change.definition ?? definition;
  }
  return definition;
}
