// What can come of one outbound request. "Answered" says that a status line arrived, whatever it says; the
// caller decides what a status means. Reasons are closed so that they can be metric labels.
import type { AddressRefusal } from './address-policy.ts';

/** Why a request was not made at all. */
export type OutboundRefusalReason = 'bad_url' | 'bad_scheme' | 'local_name' | 'private_address';

/** Why a request that was begun got no answer. */
export type OutboundFailureReason =
  'dns' | 'connect' | 'tls' | 'timeout' | 'reset' | 'protocol' | 'aborted' | 'unknown';

/** A status line and headers arrived; the body may have been cut. */
export interface OutboundAnswer {
  readonly kind: 'answered';
  readonly status: number;
  /** How long the receiver asked to be left alone, from now. */
  readonly retryAfterMs?: number | undefined;
  /** Where a redirect points to. It was not followed. */
  readonly location?: string | undefined;
  /** The beginning of the body as text without control characters, at most 1 KB. */
  readonly bodyExcerpt: string;
  readonly durationMs: number;
  /** The address that was dialled. */
  readonly address?: string | undefined;
}

/** The guard said no; not one byte left the process. */
export interface OutboundRefusal {
  readonly kind: 'refused';
  readonly reason: OutboundRefusalReason;
  /** A sentence without the address, fit for whoever entered the URL. */
  readonly detail: string;
  /** For the operator only: it tells what an internal name resolves to. */
  readonly address?: string | undefined;
  readonly addressReason?: AddressRefusal | undefined;
  readonly durationMs: number;
}

/** No answer. Whether the receiver saw the request is unknown, except for `dns`, `connect` and `tls`. */
export interface OutboundFailure {
  readonly kind: 'failed';
  readonly reason: OutboundFailureReason;
  readonly detail: string;
  readonly durationMs: number;
  readonly address?: string | undefined;
}

/** Everything that can come of one outbound request. */
export type OutboundOutcome = OutboundAnswer | OutboundRefusal | OutboundFailure;
