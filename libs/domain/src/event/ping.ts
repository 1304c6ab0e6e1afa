import type { ProducedBy } from './producer.ts';

export const PING_KINDS = ['success', 'start', 'fail', 'log', 'progress'] as const;
/** `log` only leaves a note; `progress` is a sign of life of an open run. */
export type PingKind = (typeof PING_KINDS)[number];

/** What a client sent along. Bytes that are not UTF-8 travel as base64, so that nothing is changed on the way. */
export type PingBody = { readonly text: string } | { readonly base64: string };

/** A ping as ingest took it. `receivedAt` is the instant that counts; clients' own clocks never do. */
export interface PingReceived extends ProducedBy {
  readonly v: 1;
  readonly type: 'ping.received';
  readonly checkId: string;
  readonly receivedAt: number;
  readonly kind: PingKind;
  /** 0 to 255 when the client reported one. */
  readonly exitStatus: number | null;
  /** The client's run id in lower case: ties an end to its start. */
  readonly rid: string | null;
  readonly dialect: string;
  readonly method: string;
  readonly scheme: string;
  readonly remoteAddr: string | null;
  readonly userAgent: string;
  readonly body: PingBody | null;
  /** True when the middle of the body was left out because it was over the limit. */
  readonly bodyTruncated: boolean;
  /** Numbers that the job reported, by name; null when it reported none. */
  readonly metrics: Readonly<Record<string, number>> | null;
}
