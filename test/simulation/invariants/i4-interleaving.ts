import type { Beat } from '../../../libs/domain/src/event/event.ts';
import { Random } from '../random.ts';
import { refold, type Pronounced } from '../refold.ts';
import type { Examined, Finding, Invariant } from './finding.ts';

/**
 * I4: whose append came first does not matter. Pings and watermarks between two records that change who counts or what
 * is configured are shuffled, each producer's in their order; the same verdicts must follow, in the same order.
 * Partitions to which a ping came late are left out: that it was late is a fact of the order.
 */
export const interleaving: Invariant = ({ world, refolds }: Examined) => {
  // Another whole fold: every other world pays for it.
  if (world.plan.seed % 2 === 0) return [];
  const random = new Random(world.plan.seed ^ 0x1f3d5b79);
  return world.logs.flatMap(({ beats }, partition): Finding[] => {
    if (world.truth.partitions[partition]?.pings.some(({ posthumous }) => posthumous) !== false) return [];
    const order = shuffled(beats, random);
    const shuffledBeats = order.flatMap((offset) => beats[offset] ?? []);
    const { pronounced } = refold(shuffledBeats, partition, world.rules.fold);
    const expected = (refolds[partition]?.pronounced ?? []).map(comparable(null));
    const found = pronounced.map(comparable(order));
    const at = expected.findIndex((json, index) => json !== found[index]);
    const different = at >= 0 ? at : found.length === expected.length ? -1 : expected.length;
    if (different < 0) return [];
    const what = `partition ${partition}: in another order verdict ${different + 1} is ${found[different] ?? 'missing'}, not ${expected[different] ?? 'there'}`;
    return [{ invariant: 'I4', what }];
  });
};

/** The offsets in another order that every producer and every barrier agrees with. */
function shuffled(beats: readonly Beat[], random: Random): number[] {
  const order: number[] = [];
  let run: number[] = [];
  const flush = (): void => {
    const queues = new Map<string, number[]>();
    for (const offset of run) {
      const producer = beats[offset]?.producer ?? '';
      queues.set(producer, [...(queues.get(producer) ?? []), offset]);
    }
    while (queues.size > 0) {
      const producer = random.oneOf([...queues.keys()]) ?? '';
      const queue = queues.get(producer) ?? [];
      const take = random.between(1, 3);
      order.push(...queue.splice(0, take));
      if (queue.length === 0) queues.delete(producer);
    }
    run = [];
  };
  for (const [offset, { type }] of beats.entries()) {
    if (type === 'ping.received' || type === 'watermark') {
      run.push(offset);
      // Far apart in the log is far apart in time: pieces keep the work small.
      if (run.length < 40) continue;
    }
    flush();
    if (type !== 'ping.received' && type !== 'watermark') order.push(offset);
  }
  flush();
  return order;
}

/** A verdict without the places of records in the log, or with those that they had before. */
function comparable(order: readonly number[] | null) {
  const before = (offset: number | null): number | null =>
    offset === null || order === null ? offset : (order[offset] ?? null);
  return ({ verdict }: Pronounced): string =>
    JSON.stringify(verdict, (key: string, value: unknown) => {
      if (key === 'offset' || key === 'lastPingOffset')
        return before(typeof value === 'number' ? value : null);
      return value;
    });
}
