// Standard Webhooks 1.0, symmetric scheme v1: HMAC-SHA256 over id, time and body, joined by dots. Neither the
// id nor the time may contain a dot, or two different messages could share one signature.
import { createHmac, randomBytes } from 'node:crypto';

/** The scheme allows 24 to 64 bytes; 32 is the output length of the hash, more adds nothing. */
const SECRET_BYTES = 32;
const SECRET_BYTES_MIN = 24;

const SECRET_PREFIX = 'whsec_';
const MESSAGE_ID = /^[\w:-]{1,256}$/;

/** What is signed, and with which keys. */
export interface WebhookToSign {
  /** The same for every attempt at the same message; the receiver tells repetitions by it. */
  readonly id: string;
  /** The time of this attempt; receivers refuse what is older than some minutes. */
  readonly timestampSeconds: number;
  readonly body: string;
  /** All keys in force: during a rotation the old one signs too. */
  readonly secrets: readonly string[];
}

/** The three headers of the scheme. */
export interface WebhookSignatureHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** A message that cannot be signed, now or later: its id, its time or its key is not one. */
export class UnsignableWebhookError extends Error {
  override readonly name = 'UnsignableWebhookError';
}

/** A fresh key for one channel, `whsec_` and base64. */
export function newSigningSecret(): `whsec_${string}` {
  return `${SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** Signs one attempt with every key. Throws `UnsignableWebhookError`, whose message never shows a key. */
export function signWebhook({ id, timestampSeconds, body, secrets }: WebhookToSign): WebhookSignatureHeaders {
  if (!MESSAGE_ID.test(id)) throw new UnsignableWebhookError(`"${id}" cannot be a webhook-id.`);
  if (!Number.isInteger(timestampSeconds))
    throw new UnsignableWebhookError('The time is not in whole seconds.');
  if (secrets.length === 0) throw new UnsignableWebhookError('The channel has no signing key.');
  const signed = `${id}.${timestampSeconds}.${body}`;
  const signatures = secrets.map((secret) => {
    const digest = createHmac('sha256', keyOf(secret)).update(signed, 'utf8').digest('base64');
    return `v1,${digest}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  if (!secret.startsWith(SECRET_PREFIX) || key.length < SECRET_BYTES_MIN) {
    throw new UnsignableWebhookError('A signing key of the channel is not one.');
  }
  return key;
}
