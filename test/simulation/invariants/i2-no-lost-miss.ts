import { compileSchedule } from '../../../libs/domain/src/schedule/schedule.ts';
import { between, disturbancesOf } from '../oracle/calm.ts';
import { pingsByCheck } from '../oracle/segments.ts';
import { slotFrom } from '../oracle/slots.ts';
import type { CheckPlan } from '../plan/check-plan.ts';
import type { Span } from '../truth.ts';
import { differencesIn } from './comparison.ts';
import { since, type Examined, type Finding, type Invariant } from './finding.ts';

/** What a hole of a minute and a dead ingest together may give to a deadline. */
const EXTENSION_MAX_MS = 150_000;

/**
 * I2: whoever stays away is missed, once for every slot; a failure, a hung run and a recovery are told as well, and the
 * check is down and up again when its thresholds say so.
 */
export const noLostMiss: Invariant = (examined) => {
  const { world } = examined;
  const lost = differencesIn(examined).flatMap(({ segment, lost: expected, otherStatus }) => [
    ...expected.map(({ type, at }) => ({
      invariant: 'I2',
      what: `${segment.definition.checkId}: no ${type} at ${since(world, at)} (known from ${since(world, segment.fromAt)} to ${since(world, segment.untilAt)})`,
    })),
    ...otherStatus.map(({ id, type, at, statusAfter }) => ({
      invariant: 'I2',
      what: `${id} ${type} at ${since(world, at)} leaves the check ${statusAfter}`,
    })),
  ]);
  return [...lost, ...forgotten(examined)];
};

/** However much was broken before: a silent job is missed in any calm stretch that is long enough. */
function forgotten(examined: Examined): Finding[] {
  const { world } = examined;
  return world.truth.partitions.flatMap((truth, partition) => {
    const calm = between(disturbancesOf(world, truth), world.endAt);
    const pings = pingsByCheck(truth);
    return world.plan.checks.flatMap((check) => {
      const { checkId } = check.definition;
      const list = pings.get(checkId) ?? [];
      const changed = world.truth.changesAsked.filter((change) => change.checkId === checkId).length > 1;
      if (check.index % world.plan.partitions !== partition || changed || list.length === 0) return [];
      const stamps = list.filter(({ ping }) => ping.kind !== 'start').map(({ appendedAt }) => appendedAt);
      return calm.flatMap((span) =>
        silences(span, stamps).flatMap((silence) => lostIn(examined, check, silence)),
      );
    });
  });
}

/** Parts of a span without a report; only such as have one before them, else nothing is expected. */
function silences(span: Span, stamps: readonly number[]): Span[] {
  const inside = stamps
    .filter((at) => at > span.fromAt && at < span.untilAt)
    .sort((left, right) => left - right);
  if (!stamps.some((at) => at <= span.fromAt)) return [];
  return [{ fromAt: span.fromAt, untilAt: inside[0] ?? span.untilAt }];
}

function lostIn({ world, byCheck }: Examined, { definition }: CheckPlan, silence: Span): Finding[] {
  const compiled = compileSchedule(definition.schedule);
  if (!compiled.ok) return [];
  const first = slotFrom(compiled.compiled, silence.fromAt + EXTENSION_MAX_MS);
  const second = first === null ? null : slotFrom(compiled.compiled, first);
  const surelyAt = second === null ? Infinity : second + definition.graceMs + EXTENSION_MAX_MS;
  if (surelyAt > silence.untilAt - world.plan.pace.marginMs) return [];
  const missed = (byCheck.get(definition.checkId) ?? []).some(
    ({ verdict: { type, at } }) => type === 'check.missed' && at > silence.fromAt - 6_000 && at <= surelyAt,
  );
  const what = `${definition.checkId} was silent from ${since(world, silence.fromAt)} and not missed until ${since(world, surelyAt)}`;
  return missed ? [] : [{ invariant: 'I2', what }];
}
