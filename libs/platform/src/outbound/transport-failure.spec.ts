import { describe, expect, it } from '@jest/globals';
import { describeFailure, ExchangeCut } from './transport-failure.ts';

const failure = (code: string): Error => Object.assign(new Error(`it failed with ${code}`), { code });

describe('the reason of a failed request', () => {
  it.each([
    ['dns', ['ENOTFOUND', 'EAI_AGAIN', 'ENODATA']],
    ['connect', ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']],
    [
      'tls',
      [
        'DEPTH_ZERO_SELF_SIGNED_CERT',
        'SELF_SIGNED_CERT_IN_CHAIN',
        'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
        'CERT_HAS_EXPIRED',
        'CERT_NOT_YET_VALID',
        'ERR_TLS_CERT_ALTNAME_INVALID',
        'ERR_SSL_WRONG_VERSION_NUMBER',
        'EPROTO',
        'INVALID_CA',
      ],
    ],
    ['timeout', ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT']],
    ['reset', ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']],
    ['protocol', ['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']],
    ['aborted', ['UND_ERR_DESTROYED', 'UND_ERR_CLOSED']],
    ['unknown', ['ESOMETHING', '', 'constructor']],
  ])('is %s for every code of its kind', (reason, codes) => {
    for (const code of codes) expect([code, describeFailure(failure(code)).reason]).toEqual([code, reason]);
  });

  it('is kept when we ended the exchange ourselves', () => {
    expect(describeFailure(new ExchangeCut('timeout', 'Too long.'))).toEqual({
      reason: 'timeout',
      detail: 'Too long.',
    });
  });

  it('comes with a text that a receiver cannot make long', () => {
    const error = Object.assign(new Error(`altnames: ${'x'.repeat(5_000)}\n`), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(describeFailure(error).detail).toHaveLength(300);
    expect(describeFailure('not an error').reason).toBe('unknown');
  });
});
