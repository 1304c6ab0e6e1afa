import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const RANDOM_CHARACTERS = 28;

/** Healthchecks' length, prefix included; clients check it. */
export const API_KEY_CHARACTERS = 32;

/** A new project key: `hcw_` may write, `hcr_` may read; 28 random characters (166 bits). */
export function newApiKey(prefix: 'hcw_' | 'hcr_'): string {
  return (
    prefix + Array.from({ length: RANDOM_CHARACTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  );
}

/** A new ping key: 32 hex digits without hyphens, the one form that every client's configuration accepts. */
export function newPingKey(): string {
  return randomBytes(16).toString('hex');
}

/** What is kept of a key. Keys are long and random, so a plain hash cannot be searched back. */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Compares two texts in a time that does not tell where they differ. */
export function sameSecret(left: string, right: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(left), hash(right));
}
