import { beforeAll, describe, expect, it } from '@jest/globals';
import { workInJobs, type ToJob } from './jobs.ts';
import type { Caught } from './mutation-check.ts';
import { MUTATIONS } from './mutations.ts';

const caughtBy = new Map<string, Caught | null>();

beforeAll(async () => {
  const work: ToJob[] = Object.keys(MUTATIONS).map((name) => ({ kind: 'mutation', name, from: 1 }));
  await workInJobs(work, 2, (message) => {
    if (message.kind === 'tried') caughtBy.set(message.name, message.caught);
  });
});

describe('the invariants are not blind', () => {
  it.each(Object.entries(MUTATIONS))('and notice when this is missing: %s', (name, mutation) => {
    expect(mutation.caughtBy).toContain(caughtBy.get(name)?.finding.invariant);
  });
});
