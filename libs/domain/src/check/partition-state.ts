import type { ConfigurationChange } from '../event/configuration.ts';
import type { PingReceived } from '../event/ping.ts';
import type { CheckState } from './check-state.ts';
import type { TimerQueue } from './timer-queue.ts';

/** An ingest that counts: the clock waits for its watermark. */
export interface JoinedIngest {
  readonly epoch: number;
  watermarkAt: number;
}

export interface BufferedPing {
  readonly offset: number;
  /** The clock had passed its stamp already when it came: its ingest was thought dead. */
  readonly late: boolean;
  readonly ping: PingReceived;
}

/** Until its end the clock has yet to come: whoever is expected in it gets some more time. */
export interface SoftHole {
  readonly fromAt: number;
  readonly untilAt: number;
  readonly extensionMs: number;
}

/** A change of configuration waits until the clock has passed every ping that lies before it in the log. */
export interface BufferedChange {
  readonly offset: number;
  readonly effectiveAt: number;
  readonly event: ConfigurationChange;
}

/** The world of one partition: nothing outside its log can influence what is in here. */
export interface PartitionState {
  readonly partition: number;
  /** The offset after the last folded record. */
  nextOffset: number;
  /** 0 until the first ingest joined. */
  clockAt: number;
  /** The highest stamp of any ping seen, released or not. */
  newestPingAt: number;
  /** The newest watermark of any ingest that counted then, whether it still does or not. */
  heardUntilAt: number;
  oseq: number;
  /** Only those that the clock has not passed. */
  softHoles: SoftHole[];
  readonly joined: Map<string, JoinedIngest>;
  /** The last `pseq` by `producer/epoch`. */
  readonly produced: Map<string, number>;
  readonly checks: Map<string, CheckState>;
  readonly timers: TimerQueue;
  pings: BufferedPing[];
  changes: BufferedChange[];
  /** The record at which a bug left this state half changed; nothing may be folded into it any more. */
  brokenAtOffset: number | null;
}

export function newPartitionState(partition: number): PartitionState {
  return {
    partition,
    nextOffset: 0,
    clockAt: 0,
    newestPingAt: 0,
    heardUntilAt: 0,
    oseq: 0,
    softHoles: [],
    joined: new Map(),
    produced: new Map(),
    checks: new Map(),
    timers: { heap: [] },
    pings: [],
    changes: [],
    brokenAtOffset: null,
  };
}
