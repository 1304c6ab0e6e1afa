import { describe, expect, it } from '@jest/globals';
import type { OutboundAnswer, OutboundFailureReason, OutboundRefusalReason } from '#platform';
import { judgeAttempt } from './webhook.verdict.ts';

const HOUR = 3_600_000;

const answered = (status: number, more: Partial<OutboundAnswer> = {}): OutboundAnswer => ({
  kind: 'answered',
  status,
  bodyExcerpt: 'words',
  durationMs: 12,
  address: '192.0.2.1',
  ...more,
});

describe('a webhook attempt', () => {
  it.each([200, 201, 202, 204, 226, 299])('is delivered by %i', (status) => {
    expect(judgeAttempt(answered(status))).toEqual({
      outcome: 'delivered',
      status,
      durationMs: 12,
      responseExcerpt: 'words',
      detail: `Answered ${status}.`,
      address: '192.0.2.1',
    });
  });

  it.each([
    [400, 'client_error'],
    [401, 'client_error'],
    [404, 'client_error'],
    [408, 'client_error'],
    [422, 'client_error'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [501, 'server_error'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [599, 'server_error'],
    [999, 'server_error'],
  ])('answered %i is tried again as %s', (status, reason) => {
    const verdict = judgeAttempt(answered(status));
    expect(verdict).toMatchObject({ outcome: 'retry', reason, status, responseExcerpt: 'words' });
    expect(verdict).not.toHaveProperty('afterMs', expect.anything());
  });

  it.each([429, 502, 503, 504])('answered %i waits as long as it was asked to, up to a day', (status) => {
    expect(judgeAttempt(answered(status, { retryAfterMs: 7_000 }))).toMatchObject({ afterMs: 7_000 });
    expect(judgeAttempt(answered(status, { retryAfterMs: 30 * HOUR }))).toMatchObject({ afterMs: 24 * HOUR });
  });

  it.each([400, 500])('answered %i keeps the schedule whatever it was asked', (status) => {
    expect(judgeAttempt(answered(status, { retryAfterMs: 7_000 }))).not.toHaveProperty('afterMs');
  });

  it.each([300, 301, 302, 304, 307, 308])(
    'answered %i is tried again and shows where it was sent',
    (status) => {
      expect(judgeAttempt(answered(status, { location: 'https://new.example.org/' }))).toMatchObject({
        outcome: 'retry',
        reason: 'redirected',
        detail: `Answered ${status}, a redirect to https://new.example.org/. Redirects are not followed; enter the final address.`,
      });
      expect(judgeAttempt(answered(status))).toMatchObject({
        detail: expect.stringContaining('a redirect. '),
      });
    },
  );

  it('answered 410 is dead at once', () => {
    expect(judgeAttempt(answered(410, { retryAfterMs: 7_000 }))).toMatchObject({
      outcome: 'refused',
      reason: 'gone',
      status: 410,
    });
  });

  it.each<OutboundRefusalReason>(['private_address', 'local_name', 'bad_scheme', 'bad_url'])(
    'that the guard refused as %s is dead at once, with the reason',
    (reason) => {
      expect(judgeAttempt({ kind: 'refused', reason, detail: 'Why.', durationMs: 3 })).toMatchObject({
        outcome: 'refused',
        reason,
        detail: 'Why.',
        responseExcerpt: '',
      });
    },
  );

  it.each<OutboundFailureReason>([
    'dns',
    'connect',
    'tls',
    'timeout',
    'reset',
    'protocol',
    'aborted',
    'unknown',
  ])('that failed by %s is tried again on schedule', (reason) => {
    const verdict = judgeAttempt({ kind: 'failed', reason, detail: 'How.', durationMs: 15_000 });
    expect(verdict).toMatchObject({ outcome: 'retry', reason, detail: 'How.', durationMs: 15_000 });
    expect(verdict).not.toHaveProperty('status');
  });
});
