import type { CoverageSuspect, RulesActivated, ZonesActivated } from '../event/activation.ts';
import type { ConfigurationChange } from '../event/configuration.ts';
import type { PingReceived } from '../event/ping.ts';
import { INITIAL_ZONE_VERSION } from '../schedule/schedule.ts';
import { CheckTable } from './check-table.ts';
import { newMassSilence, type MassSilence } from './mass-silence.ts';
import { ALL_RULES, type RuleSwitches } from './rule-switches.ts';
import type { Stretch } from './stretch.ts';

/** The rules that every log begins with, and the newest that this release knows. */
export const INITIAL_RULES_VERSION = 1;
export const NEWEST_RULES_VERSION = 1;

/** An ingest that counts: the clock waits for its watermark. */
export interface JoinedIngest {
  readonly epoch: number;
  /** From when on it has been listening. */
  readonly sinceAt: number;
  watermarkAt: number;
}

export interface BufferedPing {
  readonly offset: number;
  /** The clock, when it had passed its stamp already (its ingest was thought dead); else null. */
  readonly lateAt: number | null;
  readonly ping: PingReceived;
}

/** Time in which pings may have been lost, but not all: whoever is expected in it gets some more time. */
export interface SoftHole {
  readonly fromAt: number;
  readonly untilAt: number;
  readonly extensionMs: number;
  /** When the clock is here, no expectation that will still be made can meet it. */
  readonly keptUntilAt: number;
}

/** What waits until the clock has passed every ping that lies before it in the log. */
export type Change = ConfigurationChange | CoverageSuspect | ZonesActivated | RulesActivated;

export interface BufferedChange {
  readonly offset: number;
  readonly effectiveAt: number;
  readonly event: Change;
}

/** The world of one partition: nothing outside its log can influence what is in here. */
export interface PartitionState {
  readonly partition: number;
  readonly switches: RuleSwitches;
  /** The offset after the last folded record. */
  nextOffset: number;
  /** 0 until the first ingest joined. */
  clockAt: number;
  /** The highest stamp of any ping seen, released or not. */
  newestPingAt: number;
  /** The newest watermark of any ingest that counted then, whether it still does or not. */
  heardUntilAt: number;
  oseq: number;
  /** The version of the time zone tables in force. */
  tz: string;
  /** The version of the rules in force. */
  rules: number;
  /** Only those that an expectation may still meet. */
  softHoles: SoftHole[];
  readonly joined: Map<string, JoinedIngest>;
  /** When those were listening that are not joined any more; only what the clock has not passed. */
  listened: Stretch[];
  /** The last `pseq` by producer and epoch. */
  readonly produced: Map<string, Map<number, number>>;
  readonly checks: CheckTable;
  pings: BufferedPing[];
  changes: BufferedChange[];
  /** Pings of checks that are not configured yet, oldest first. */
  orphans: BufferedPing[];
  massSilence: MassSilence;
  /** The record at which a bug left this state half changed; nothing may be folded into it any more. */
  brokenAtOffset: number | null;
}

export function newPartitionState(partition: number, switches: RuleSwitches = ALL_RULES): PartitionState {
  return {
    partition,
    switches,
    nextOffset: 0,
    clockAt: 0,
    newestPingAt: 0,
    heardUntilAt: 0,
    oseq: 0,
    tz: INITIAL_ZONE_VERSION,
    rules: INITIAL_RULES_VERSION,
    softHoles: [],
    joined: new Map(),
    listened: [],
    produced: new Map(),
    checks: new CheckTable(INITIAL_ZONE_VERSION, switches),
    pings: [],
    changes: [],
    orphans: [],
    massSilence: newMassSilence(),
    brokenAtOffset: null,
  };
}
