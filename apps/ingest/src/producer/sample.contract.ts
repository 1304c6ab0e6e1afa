import { HEALTHCHECKS_RULES, type CheckDefinition } from '#domain';
import type { UnstampedPing } from './partition-producer.ts';

export const START_AT = Date.UTC(2026, 2, 2, 12);

/**
 * Lets everything happen that can happen without time passing. The log and the clock of these tests are in memory, so
 * one turn of the loop is enough, and always the same.
 */
export async function quiet(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A check with a period of a minute and ten seconds of grace. */
export const definition: CheckDefinition = {
  checkId: '3f2c9a10-7d4e-4b6a-9c1d-5e8f0a2b4c6d',
  projectId: 'project',
  pingKey: '5f0e4d3c2b1a09876543210fedcba987',
  configVersion: 1,
  name: 'Backup',
  slug: 'backup',
  tags: [],
  schedule: { kind: 'interval', periodMs: 60_000 },
  graceMs: 10_000,
  ...HEALTHCHECKS_RULES,
};

/** A ping as a route hands it over; `userAgent` tells one from another. */
export function ping(userAgent = '', over: Partial<UnstampedPing> = {}): UnstampedPing {
  return {
    checkId: definition.checkId,
    kind: 'success',
    exitStatus: null,
    rid: null,
    dialect: 'healthchecks',
    method: 'GET',
    scheme: 'http',
    remoteAddr: null,
    userAgent,
    body: null,
    bodyTruncated: false,
    metrics: null,
    ...over,
  };
}
