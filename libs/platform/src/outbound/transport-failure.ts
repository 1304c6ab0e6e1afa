// Sorts what sockets, TLS and the HTTP client throw into the few reasons a caller can act on.
import { errors } from 'undici';
import { errorCode, errorMessage } from '../error-code.ts';
import type { OutboundFailureReason } from './outbound-outcome.ts';
import { plainText } from './plain-text.ts';

/** An exchange that we ended ourselves, because its time was up or its caller gave up. */
export class ExchangeCut extends Error {
  override readonly name = 'ExchangeCut';

  constructor(
    readonly reason: 'timeout' | 'aborted',
    sentence: string,
  ) {
    super(sentence);
  }
}

/** Messages of TLS errors quote certificates, which a receiver can make long. */
const DETAIL_LIMIT_BYTES = 300;

const REASON_OF_CODE: ReadonlyMap<string, OutboundFailureReason> = new Map([
  ['ENOTFOUND', 'dns'],
  ['ENODATA', 'dns'],
  ['ESERVFAIL', 'dns'],
  ['EREFUSED', 'dns'],
  ['ECONNREFUSED', 'connect'],
  ['EHOSTUNREACH', 'connect'],
  ['EHOSTDOWN', 'connect'],
  ['ENETUNREACH', 'connect'],
  ['ENETDOWN', 'connect'],
  ['EADDRNOTAVAIL', 'connect'],
  ['EACCES', 'connect'],
  ['EPERM', 'connect'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['UND_ERR_HEADERS_OVERFLOW', 'protocol'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'protocol'],
  ['UND_ERR_ABORTED', 'aborted'],
  ['UND_ERR_CLOSED', 'aborted'],
  ['UND_ERR_DESTROYED', 'aborted'],
]);

const TLS_CODE = /^(ERR_TLS_|ERR_SSL_|EPROTO$)|CERT|SIGNATURE|^INVALID_(CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$/;

/** The reason and a short text for the one who reads the attempt. */
export function describeFailure(error: unknown): { reason: OutboundFailureReason; detail: string } {
  if (error instanceof ExchangeCut) return { reason: error.reason, detail: error.message };
  // The parser's errors seldom have a code.
  const reason = error instanceof errors.HTTPParserError ? 'protocol' : reasonOf(errorCode(error) ?? '');
  return { reason, detail: plainText(errorMessage(error), DETAIL_LIMIT_BYTES) };
}

function reasonOf(code: string): OutboundFailureReason {
  const known = REASON_OF_CODE.get(code);
  if (known !== undefined) return known;
  if (code.startsWith('EAI_')) return 'dns';
  return TLS_CODE.test(code) ? 'tls' : 'unknown';
}
