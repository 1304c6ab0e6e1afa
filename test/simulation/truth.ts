import type { CheckDefinition } from '../../libs/domain/src/check/definition.ts';
import type { ConfigurationChange } from '../../libs/domain/src/event/configuration.ts';
import type { Beat } from '../../libs/domain/src/event/event.ts';
import type { PingReceived } from '../../libs/domain/src/event/ping.ts';

/** From the first instant to the last. */
export interface Span {
  readonly fromAt: number;
  readonly untilAt: number;
}

/** Clocks that are off, on both sides. */
const CLOCKS_APART_MS = 5_000;

/**
 * A ping that the log has, once, however often it was appended. `posthumous`: its ingest no longer counted by then, or
 * not yet when it took the ping, so that time may have gone on without it.
 */
export interface TruePing {
  readonly ping: PingReceived;
  readonly stampAt: number;
  readonly appendedAt: number;
  readonly posthumous: boolean;
}

/** A client whose connection broke because its ingest died, and who got through at another one. */
export interface Persistence {
  readonly checkId: string;
  readonly triedAt: number;
  readonly brokenAt: number;
  readonly stampAt: number;
  readonly producer: string;
}

/** Who was judged dead, and for how long it had really not been heard of while the log could be written. */
export interface Expiry {
  readonly partition: number;
  readonly producer: string;
  readonly at: number;
  readonly silentSinceAt: number;
}

/** A change of configuration and when the log had it. */
export interface TrueChange {
  readonly checkId: string;
  readonly appendedAt: number;
  readonly type: ConfigurationChange['type'];
  /** What is in force with it; null for all but a configuration. */
  readonly definition: CheckDefinition | null;
}

interface Lane {
  /** When this producer said something new, and which of these appends joined. */
  readonly appends: number[];
  readonly joins: number[];
  watermarkAt: number;
}

/** What really happened on one partition, which no fold can see. */
export class PartitionTruth {
  readonly lanes = new Map<string, Lane>();
  readonly members = new Map<string, number>();
  readonly outages: { fromAt: number; untilAt: number }[] = [];
  readonly expiries: Expiry[] = [];
  readonly pings: TruePing[] = [];
  readonly zoneVersions: { readonly version: string; readonly appendedAt: number }[] = [];
  /** Every change of a check, once, however often it was appended. */
  readonly changes: TrueChange[] = [];
  /** Instants at which nobody could decide anything: no ingest counted, the log was away, or no evaluator was awake. */
  readonly undecidable: number[] = [];
  readonly seen = new Set<string>();
}

/** The truth about a world, written down as it happens. */
export class Truth {
  readonly partitions: readonly PartitionTruth[];
  readonly persistences: Persistence[] = [];
  readonly changesAsked: { readonly checkId: string; readonly at: number }[] = [];
  /** Stretches in which no ingest ran at all, as far as a look now and then can tell. */
  readonly deserted: { fromAt: number; untilAt: number }[] = [];
  /** Pings that were answered, by producer, epoch and number. */
  readonly answered: string[] = [];
  /** What the actors found wrong with themselves while they ran. */
  readonly oddities: { readonly invariant: string; readonly what: string }[] = [];

  #wasDeserted = false;

  constructor(
    partitions: number,
    private readonly lookMs: number,
  ) {
    this.partitions = Array.from({ length: partitions }, () => new PartitionTruth());
  }

  /** Somebody looked whether any ingest runs. */
  listening(at: number, anybody: boolean): void {
    const last = this.deserted.at(-1);
    if (anybody) this.#wasDeserted = false;
    else if (this.#wasDeserted && last !== undefined) last.untilAt = at;
    else {
      this.#wasDeserted = true;
      this.deserted.push({ fromAt: at, untilAt: at });
    }
  }

  outage(partition: number, fromAt: number, untilAt: number): void {
    this.partitions[partition]?.outages.push({ fromAt, untilAt });
  }

  outageEnds(partition: number, at: number): void {
    for (const outage of this.partitions[partition]?.outages ?? []) {
      outage.untilAt = Math.min(outage.untilAt, at);
    }
  }

  appended(partition: number, at: number, beat: Beat): void {
    const truth = this.partitions[partition];
    if (truth === undefined) return;
    switch (beat.type) {
      case 'ping.received':
        notePing(truth, at, beat);
        break;
      case 'watermark':
        noteWatermark(laneOf(truth, beat.producer), at, beat.at);
        break;
      case 'ingest.joined':
        if ((truth.members.get(beat.producer) ?? 0) < beat.epoch) {
          truth.members.set(beat.producer, beat.epoch);
          laneOf(truth, beat.producer).joins.push(at);
        }
        break;
      case 'ingest.left':
        if (truth.members.get(beat.producer) === beat.epoch) truth.members.delete(beat.producer);
        break;
      case 'ingest.expired':
        noteExpiry(truth, { partition, at, lookMs: this.lookMs }, beat.expired);
        break;
      case 'check.configured':
      case 'check.paused':
      case 'check.resumed':
      case 'check.removed':
        noteChange(truth, at, beat);
        break;
      case 'tz.activated':
        truth.zoneVersions.push({ version: beat.version, appendedAt: at });
        break;
      case 'coverage.suspect':
      case 'rules.activated':
        break;
    }
  }
}

export function laneOf(truth: PartitionTruth, producer: string): Lane {
  const known = truth.lanes.get(producer);
  if (known !== undefined) return known;
  const lane: Lane = { appends: [], joins: [], watermarkAt: 0 };
  truth.lanes.set(producer, lane);
  return lane;
}

/** A repeat of an old watermark is no sign of life. */
function noteWatermark(lane: Lane, at: number, watermarkAt: number): void {
  if (watermarkAt <= lane.watermarkAt) return;
  lane.watermarkAt = watermarkAt;
  lane.appends.push(at);
}

/** What tells one record from another, and a repeat from both. */
export function nameOf({ producer, epoch, pseq }: { producer: string; epoch: number; pseq: number }): string {
  return `${producer}/${epoch}/${pseq}`;
}

function notePing(truth: PartitionTruth, at: number, ping: PingReceived): void {
  const name = nameOf(ping);
  if (truth.seen.has(name)) return;
  truth.seen.add(name);
  const joinedAt = laneOf(truth, ping.producer).joins.at(-1) ?? at;
  const posthumous =
    truth.members.get(ping.producer) !== ping.epoch || ping.receivedAt < joinedAt + CLOCKS_APART_MS;
  truth.pings.push({ ping, stampAt: ping.receivedAt, appendedAt: at, posthumous });
}

function noteChange(truth: PartitionTruth, at: number, beat: ConfigurationChange): void {
  const name = nameOf(beat);
  if (truth.seen.has(name)) return;
  truth.seen.add(name);
  const definition = beat.type === 'check.configured' ? beat.definition : null;
  const checkId = beat.type === 'check.configured' ? beat.definition.checkId : beat.checkId;
  truth.changes.push({ checkId, appendedAt: at, type: beat.type, definition });
}

/** What was appended while the janitor's verdict was on its way could not be known to it. */
const CROSSING_MS = 500;

function noteExpiry(
  truth: PartitionTruth,
  { partition, at, lookMs }: { readonly partition: number; readonly at: number; readonly lookMs: number },
  { producer, epoch }: { producer: string; epoch: number },
): void {
  if (truth.members.get(producer) !== epoch) return;
  truth.members.delete(producer);
  const heardAt =
    laneOf(truth, producer).appends.findLast((appendedAt) => appendedAt <= at - CROSSING_MS) ?? 0;
  const outageEndAt = truth.outages.reduce((latest, { fromAt, untilAt }) => {
    // A shorter one lies between two looks of a janitor.
    return fromAt <= at && untilAt - fromAt > lookMs ? Math.max(latest, Math.min(untilAt, at)) : latest;
  }, 0);
  truth.expiries.push({ partition, producer, at, silentSinceAt: Math.max(heardAt, outageEndAt) });
}
