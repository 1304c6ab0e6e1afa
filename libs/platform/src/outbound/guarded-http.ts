// HTTP to addresses that strangers entered. No redirects, no proxy, no cookies, HTTP/1.1, a limit on
// everything, and never a connection into a private network that the operator did not list.
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { buildConnector, request as httpRequest, type Agent } from 'undici';
import type { Clock } from '../clock/clock.ts';
import type { Cidr } from './cidr.ts';
import { addressTellingAgent, DialledAddress } from './dialled-address.ts';
import {
  DestinationRefused,
  guardedLookup,
  permittedUrl,
  resolveBySystem,
  type Resolve,
} from './destination-guard.ts';
import { limitExchange } from './exchange-limit.ts';
import type { OutboundAnswer, OutboundOutcome } from './outbound-outcome.ts';
import { plainText } from './plain-text.ts';
import { retryAfterMs } from './retry-after.ts';
import { describeFailure } from './transport-failure.ts';

/** One request. Header names in lower case. */
export interface OutboundRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How long and how much one exchange may take. */
export interface OutboundLimits {
  /** Name lookup, TCP and TLS together. */
  readonly connectMs: number;
  /** From the request's last byte to the end of the answer's headers. */
  readonly headersMs: number;
  /** The whole exchange, however lively it is. */
  readonly overallMs: number;
  /** Bytes of the answer's body that are read before the connection is dropped. */
  readonly bodyBytes: number;
}

/** A client for requests to addresses that strangers entered. */
export interface GuardedHttp {
  /** Never rejects: whatever happens is an outcome. */
  send(request: OutboundRequest, signal?: AbortSignal): Promise<OutboundOutcome>;
  /** Drops every connection; what is still in flight ends as `aborted`. */
  close(): Promise<void>;
}

/** What `createGuardedHttp` needs. */
export interface GuardedHttpOptions {
  readonly clock: Clock;
  /** The name under which receivers see every request. */
  readonly userAgent: string;
  /** Networks that may be reached although they are not public. */
  readonly allowed: readonly Cidr[];
  readonly limits?: Partial<OutboundLimits>;
  readonly resolve?: Resolve;
}

/**
 * What receivers are commonly told to expect of a webhook sender; one slow receiver holds a slot no longer.
 */
const DEFAULT_LIMITS: OutboundLimits = {
  connectMs: 5_000,
  headersMs: 15_000,
  overallMs: 15_000,
  bodyBytes: 16_384,
};

/** With Node's 250 ms, a host with two far-away addresses is given up before either has answered. */
const NEXT_ADDRESS_AFTER_MS = 1_000;

const EXCERPT_LIMIT_BYTES = 1_024;

/** Builds the client; it keeps connections alive and must be closed. */
export function createGuardedHttp(options: GuardedHttpOptions): GuardedHttp {
  const { clock, userAgent, allowed } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const agent = guardedAgent(limits, options.resolve ?? resolveBySystem, allowed);

  const begin = (request: OutboundRequest, signal: AbortSignal, dialled: DialledAddress) =>
    httpRequest(permittedUrl(request.url, allowed), {
      dispatcher: agent,
      method: request.method,
      headers: { ...request.headers, 'user-agent': userAgent },
      body: request.body ?? null,
      opaque: dialled,
      signal,
    });

  const send = async (request: OutboundRequest, signal?: AbortSignal): Promise<OutboundOutcome> => {
    const begun = clock.monotonic();
    const elapsedMs = (): number => Math.round(clock.monotonic() - begun);
    const dialled = new DialledAddress();
    const limit = limitExchange(clock, limits.overallMs, signal);
    try {
      limit.signal.throwIfAborted();
      // The client only looks at the signal once it has a connection; a cut must not wait for that.
      const response = await Promise.race([begin(request, limit.signal, dialled), limit.cut]);
      const bodyExcerpt = excerptOf(await readHead(response.body, limits.bodyBytes));
      const said = headersThatMatter(response.headers, clock.now());
      const facts = { bodyExcerpt, durationMs: elapsedMs(), address: dialled.address };
      return { kind: 'answered', status: response.statusCode, ...said, ...facts };
    } catch (error) {
      const durationMs = elapsedMs();
      if (error instanceof DestinationRefused) {
        return { kind: 'refused', reason: error.reason, detail: error.message, ...error.found, durationMs };
      }
      return { kind: 'failed', ...describeFailure(error), durationMs, address: dialled.address };
    } finally {
      limit.end();
    }
  };

  return { send, close: () => agent.destroy() };
}

function guardedAgent(limits: OutboundLimits, resolve: Resolve, allowed: readonly Cidr[]): Agent {
  const connect = buildConnector({
    lookup: guardedLookup(resolve, allowed),
    timeout: limits.connectMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    allowH2: false,
  });
  const { headersMs, overallMs } = limits;
  return addressTellingAgent({ headersTimeout: headersMs, bodyTimeout: overallMs, allowH2: false }, connect);
}

/**
 * The beginning of the body. A body that is too long, too slow or cut off takes nothing from the status that
 * was answered: a delivery that was accepted must not be repeated for it.
 */
async function readHead(body: Readable, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      const bytes: Buffer = chunk;
      chunks.push(bytes);
      size += bytes.length;
      if (size >= limitBytes) break;
    }
  } catch {
    // What has come so far is all there is.
  }
  return Buffer.concat(chunks).subarray(0, limitBytes);
}

function excerptOf(head: Buffer): string {
  return plainText(head.toString('utf8'), EXCERPT_LIMIT_BYTES);
}

function headersThatMatter(
  headers: IncomingHttpHeaders,
  nowAt: number,
): Pick<OutboundAnswer, 'retryAfterMs' | 'location'> {
  const { location } = headers;
  return {
    retryAfterMs: retryAfterMs(headers['retry-after'], nowAt),
    location: typeof location === 'string' ? plainText(location, EXCERPT_LIMIT_BYTES) : undefined,
  };
}
