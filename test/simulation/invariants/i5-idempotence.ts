import type { Beat } from '../../../libs/domain/src/event/event.ts';
import { Random } from '../random.ts';
import { refold } from '../refold.ts';
import type { Examined, Finding, Invariant } from './finding.ts';

/** A ping that is so much older than its check's configuration may be given up. */
const SURELY_KEPT_MS = 9 * 60_000;

/**
 * I5: what is appended twice counts once. Every ping that was answered is in the log and counted once, a log with every
 * record doubled gives the same verdicts, nobody is told twice, and what was out is not written again by a new life.
 */
export const idempotence: Invariant = (examined) => [
  ...countedOnce(examined),
  ...doubled(examined),
  ...toldOnce(examined),
  ...examined.world.truth.oddities.filter(({ invariant }) => invariant === 'I5'),
];

function countedOnce({ world, refolds }: Examined): Finding[] {
  const removed = new Set<string>();
  const orphaned = new Set<string>();
  const counts = new Map<string, number>();
  const appended = new Set<string>();
  for (const { pings, changes, seen } of world.truth.partitions) {
    for (const { type, checkId } of changes) if (type === 'check.removed') removed.add(checkId);
    for (const { ping, stampAt } of pings) {
      const configuredAt = changes.find(({ checkId }) => checkId === ping.checkId)?.appendedAt ?? Infinity;
      if (configuredAt - stampAt > SURELY_KEPT_MS) orphaned.add(ping.checkId);
    }
    for (const { ping } of pings) counts.set(ping.checkId, (counts.get(ping.checkId) ?? 0) + 1);
    for (const name of seen) appended.add(name);
  }
  const lost = world.truth.answered.filter((name) => !appended.has(name));
  const findings = lost.map((name) => ({
    invariant: 'I5',
    what: `ping ${name} was answered and is not in the log`,
  }));
  for (const [checkId, count] of counts) {
    const partition = Number.parseInt(checkId.slice(0, 8), 16) % world.plan.partitions;
    const state = refolds[partition]?.state;
    // The world ends at some moment, and the last ping may wait for a watermark that nobody wrote any more.
    const waiting = state?.pings.filter(({ ping }) => ping.checkId === checkId).length ?? 0;
    const counted = (state?.checks.get(checkId)?.pingCount ?? 0) + waiting;
    if (removed.has(checkId) || orphaned.has(checkId) || counted === count) continue;
    findings.push({
      invariant: 'I5',
      what: `${checkId}: ${count} pings were taken, ${counted} were counted`,
    });
  }
  return findings;
}

/** Doubles some of the records right behind themselves, as a producer does whose answers get lost. */
function doubled({ world, refolds }: Examined): Finding[] {
  // Another whole fold: the worlds that are not shuffled pay for it.
  if (world.plan.seed % 2 === 1) return [];
  const random = new Random(world.plan.seed ^ 0x2e5a7c11);
  return world.logs.flatMap(({ beats }, partition): Finding[] => {
    const twice: Beat[] = [];
    for (const beat of beats) {
      twice.push(beat);
      if (beat.type !== 'watermark' && random.chance(0.3)) twice.push(beat);
    }
    const found = refold(twice, partition, world.rules.fold).pronounced.map(({ verdict }) => nameIn(verdict));
    const expected = (refolds[partition]?.pronounced ?? []).map(({ verdict }) => nameIn(verdict));
    const at = expected.findIndex((name, index) => name !== found[index]);
    if (at < 0 && found.length === expected.length) return [];
    const what = `partition ${partition}: with records repeated, verdict ${at + 1} is ${found[at] ?? 'missing'} instead of ${expected[at] ?? 'none'}`;
    return [{ invariant: 'I5', what }];
  });
}

function nameIn(verdict: { type: string; id: string; at: number; oseq: number }): string {
  return `${verdict.oseq} ${verdict.id} ${verdict.type} ${verdict.at}`;
}

function toldOnce({ told }: Examined): Finding[] {
  return told.flatMap(({ times, differing }, partition) => [
    ...[...times]
      .filter(([, count]) => count > 1)
      .map(([id, count]) => ({ invariant: 'I5', what: `told ${count} times of ${id}` })),
    ...differing.map((oseq) => ({
      invariant: 'I5',
      what: `partition ${partition}: verdict ${oseq} was written in two ways`,
    })),
  ]);
}
