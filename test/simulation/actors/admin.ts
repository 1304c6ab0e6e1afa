import { INITIAL_ZONE_VERSION, ZONE_VERSIONS } from '../../../libs/domain/src/schedule/schedule.ts';
import type { CheckDefinition } from '../../../libs/domain/src/check/definition.ts';
import type { Engine } from '../engine.ts';
import type { Faults } from '../plan/faults.ts';
import type { Random } from '../random.ts';
import type { Client } from './client.ts';
import type { Relay } from './relay.ts';

/** What the people who own checks live in. */
export interface AdminSurroundings {
  readonly engine: Engine;
  readonly random: Random;
  readonly relay: Relay;
  readonly faults: Faults;
  readonly endAt: number;
}

interface Owned {
  readonly client: Client;
  definition: CheckDefinition;
  paused: boolean;
}

/** People: they create checks, change them, pause, resume and remove them, one by one or many at once. */
export class Admin {
  readonly #owned: Owned[] = [];

  constructor(private readonly around: AdminSurroundings) {}

  own(client: Client): void {
    const { engine, relay } = this.around;
    const { definition, createdAfterMs } = client.plan;
    engine.after(createdAfterMs, () => {
      this.#owned.push({ client, definition, paused: false });
      relay.change({ type: 'check.configured', definition });
      client.start();
    });
  }

  start(): void {
    const { faults, random, relay, engine, endAt } = this.around;
    this.#every(faults.configChangeMs, () => this.#changeOne(random.oneOf(this.#owned)));
    this.#every(faults.zoneActivationMs, () =>
      relay.activateZones(random.oneOf(ZONE_VERSIONS) ?? INITIAL_ZONE_VERSION),
    );
    if (!faults.configStorms) return;
    engine.after(random.between(60_000, Math.max(60_000, endAt - engine.nowAt - 1)), () => {
      for (const owned of [...this.#owned, ...this.#owned]) this.#reconfigure(owned);
    });
  }

  #every(meanMs: number | null, happen: () => void): void {
    if (meanMs === null) return;
    const { engine, random, endAt } = this.around;
    const inMs = Math.floor(-Math.log(1 - random.next()) * meanMs) + 1;
    if (engine.nowAt + inMs >= endAt) return;
    engine.after(inMs, () => {
      happen();
      this.#every(meanMs, happen);
    });
  }

  #changeOne(owned: Owned | undefined): void {
    if (owned === undefined || owned.client.removed) return;
    const { random, relay } = this.around;
    const { checkId } = owned.definition;
    if (owned.paused) {
      owned.paused = false;
      relay.change({ type: 'check.resumed', checkId });
    } else if (random.chance(0.3)) {
      owned.paused = true;
      relay.change({ type: 'check.paused', checkId });
    } else if (random.chance(0.08)) {
      owned.client.removed = true;
      relay.change({ type: 'check.removed', checkId });
    } else this.#reconfigure(owned);
  }

  #reconfigure(owned: Owned): void {
    const { random, relay } = this.around;
    const { definition } = owned;
    if (owned.client.removed) return;
    const { schedule, graceMs } = definition;
    const factor = random.oneOf([0.5, 1, 1.5, 2]) ?? 1;
    const next: CheckDefinition = {
      ...definition,
      configVersion: definition.configVersion + 1,
      schedule:
        schedule.kind === 'interval'
          ? { kind: 'interval', periodMs: Math.max(10_000, Math.floor(schedule.periodMs * factor)) }
          : schedule,
      graceMs: random.chance(0.5) ? Math.max(2_000, Math.floor(graceMs * factor)) : graceMs,
      missedThreshold: random.between(1, 3),
    };
    owned.definition = next;
    owned.client.reschedule(next);
    relay.change({ type: 'check.configured', definition: next });
  }
}
