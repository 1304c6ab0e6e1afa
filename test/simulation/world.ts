import { Admin } from './actors/admin.ts';
import { Chaos } from './actors/chaos.ts';
import { Client } from './actors/client.ts';
import { Evaluator } from './actors/evaluator.ts';
import { Ingest } from './actors/ingest.ts';
import { LogModel, type PartitionLog } from './actors/log-model.ts';
import { Relay } from './actors/relay.ts';
import { SnapshotStore } from './actors/snapshot-store.ts';
import { Engine } from './engine.ts';
import { IN_FORCE, type Rules } from './mutations.ts';
import { planWorld, type WorldPlan } from './plan/world-plan.ts';
import { Random } from './random.ts';
import { Truth } from './truth.ts';

/** A world that ran: what was appended, what its evaluators ended with, and the truth about it. */
export interface RanWorld {
  readonly plan: WorldPlan;
  readonly rules: Rules;
  readonly truth: Truth;
  readonly logs: readonly PartitionLog[];
  readonly evaluators: readonly Evaluator[];
  readonly snapshots: SnapshotStore;
  /** Until then things broke and jobs ran; what was due before it must be decided. */
  readonly endAt: number;
}

/** In the end nothing breaks any more and everybody is heard: so many leases long. */
const HEALING_LEASES = 12;
const SILENT_END_MS = 4_000;

/** Lets the world of a seed run from its beginning to its end. */
export function runWorld(seed: number, rules: Rules = IN_FORCE): RanWorld {
  const random = new Random(seed);
  const plan = planWorld(random, seed);
  return runPlan(plan, random, rules);
}

/** Lets a world run that was planned elsewhere. */
export function runPlan(plan: WorldPlan, random: Random, rules: Rules): RanWorld {
  const { seed, pace, startAt, lengthMs, faults } = plan;
  const engine = new Engine(startAt, seed);
  const truth = new Truth(plan.partitions, pace.lookMs);
  const log = new LogModel(engine, random, truth);
  const snapshots = new SnapshotStore();
  const endAt = startAt + lengthMs;
  const around = { engine, random, log, truth, pace };
  const ingests = Array.from({ length: plan.ingests }, (_, index) => new Ingest(`ingest-${index}`, around));
  const evaluators = ['evaluator-a', 'evaluator-b'].map(
    (name) =>
      new Evaluator(name, {
        ...around,
        snapshots,
        tornShare: faults.tornSnapshotShare,
        lostShare: faults.lostSnapshotShare,
        rules: rules.fold,
        leaseGuarded: rules.leaseGuard,
        tailSuppressed: rules.tailSuppression,
      }),
  );
  const cutOff = { untilAt: 0 };
  const chaos = new Chaos({ engine, random, faults, pace, log, ingests, evaluators, cutOff, endAt });
  const admin = new Admin({ engine, random, relay: new Relay(around), faults, endAt });
  for (const actor of [...ingests, ...evaluators]) actor.start();
  for (const check of plan.checks) {
    admin.own(new Client(check, { engine, random, ingests, truth, cutOff, endAt }));
  }
  admin.start();
  chaos.start();
  const { tickMs, leaseMs, lookMs } = pace;
  watch({ engine, truth, ingests, evaluators, everyMs: tickMs, leaseMs: leaseMs + lookMs * 3 });
  engine.runUntil(endAt);
  chaos.heal();
  engine.runUntil(endAt + HEALING_LEASES * pace.leaseMs);
  // Nobody appends any more, so that whoever reads comes to the end.
  for (const { process } of ingests) process.end();
  engine.runUntil(engine.nowAt + SILENT_END_MS);
  return { plan, rules, truth, logs: log.partitions, evaluators, snapshots, endAt };
}

interface Watched {
  readonly engine: Engine;
  readonly truth: Truth;
  readonly ingests: readonly Ingest[];
  readonly evaluators: readonly Evaluator[];
  readonly everyMs: number;
  readonly leaseMs: number;
}

/** Writes down when nobody could decide anything, and when nobody was there to listen. */
function watch(watched: Watched): void {
  const { engine, truth, ingests, evaluators, everyMs } = watched;
  truth.listening(
    engine.nowAt,
    ingests.some(({ process }) => process.running),
  );
  for (const [partition, { members, undecidable }] of truth.partitions.entries()) {
    const steadyMs = engine.nowAt - Math.min(...evaluators.map((each) => each.steadySince(partition)));
    if (members.size === 0 || steadyMs < watched.leaseMs) undecidable.push(engine.nowAt);
  }
  engine.after(everyMs, () => watch(watched));
}
