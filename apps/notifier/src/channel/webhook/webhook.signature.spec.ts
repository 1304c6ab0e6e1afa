import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { newSigningSecret, signWebhook, UnsignableWebhookError } from './webhook.signature.ts';

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

describe('a signed webhook', () => {
  it('is accepted by an independent verifier, whatever its body', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\w:-]{1,80}$/), (text, id) => {
        const secret = newSigningSecret();
        const body = JSON.stringify({ text });
        const headers = signWebhook({ id, timestampSeconds: nowSeconds(), body, secrets: [secret] });
        expect(new Webhook(secret).verify(body, { ...headers })).toEqual({ text });
      }),
    );
  });

  it('is accepted with the old and with the new key during a rotation, and with no other', () => {
    const [old, fresh, stranger] = [newSigningSecret(), newSigningSecret(), newSigningSecret()];
    const headers = {
      ...signWebhook({ id: 'a:1', timestampSeconds: nowSeconds(), body: '{}', secrets: [old, fresh] }),
    };
    expect(new Webhook(old).verify('{}', headers)).toEqual({});
    expect(new Webhook(fresh).verify('{}', headers)).toEqual({});
    expect(() => new Webhook(stranger).verify('{}', headers)).toThrow(WebhookVerificationError);
  });

  it('is not accepted with another body, id or time', () => {
    const secret = newSigningSecret();
    const headers = signWebhook({ id: 'a:1', timestampSeconds: nowSeconds(), body: '{}', secrets: [secret] });
    const verifier = new Webhook(secret);
    expect(() => verifier.verify('{} ', { ...headers })).toThrow(WebhookVerificationError);
    expect(() => verifier.verify('{}', { ...headers, 'webhook-id': 'a:2' })).toThrow(
      WebhookVerificationError,
    );
    expect(() =>
      verifier.verify('{}', { ...headers, 'webhook-timestamp': String(nowSeconds() - 1) }),
    ).toThrow(WebhookVerificationError);
  });

  it('is the signature that the published example of the scheme shows', () => {
    const signed = signWebhook({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampSeconds: 1_614_265_330,
      body: '{"test": 2432232314}',
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    });
    expect(signed).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it.each(['a.1', '', 'a b', 'a\nb', 'é', 'x'.repeat(257)])(
    'cannot have an id that could be confused: "%s"',
    (id) => {
      const secrets = [newSigningSecret()];
      expect(() => signWebhook({ id, timestampSeconds: 1, body: '', secrets })).toThrow(
        UnsignableWebhookError,
      );
    },
  );

  it('cannot be made without a proper key, and the refusal does not show it', () => {
    for (const secret of ['', 'whsec_', 'whsec_c2hvcnQ=', 'whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']) {
      const sign = (): unknown => signWebhook({ id: 'a', timestampSeconds: 1, body: '', secrets: [secret] });
      expect(sign).toThrow('A signing key of the channel is not one.');
    }
    expect(() => signWebhook({ id: 'a', timestampSeconds: 1, body: '', secrets: [] })).toThrow(
      UnsignableWebhookError,
    );
    expect(() =>
      signWebhook({ id: 'a', timestampSeconds: 1.5, body: '', secrets: [newSigningSecret()] }),
    ).toThrow(UnsignableWebhookError);
  });
});

describe('a new signing key', () => {
  it('is 32 random bytes in the usual spelling, never the same twice', () => {
    const secrets = new Set(Array.from({ length: 50 }, newSigningSecret));
    expect(secrets.size).toBe(50);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    }
  });
});
