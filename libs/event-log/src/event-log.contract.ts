import { afterAll, afterEach, beforeAll, beforeEach, describe } from '@jest/globals';
import { promisesOfAppending } from './contract/appending.contract.ts';
import { promisesOfDelivering } from './contract/delivering.contract.ts';
import { promisesOfEnding } from './contract/ending.contract.ts';
import { promisesOfFaithfulness } from './contract/faithfulness.contract.ts';
import { promisesOfKeeping } from './contract/keeping.contract.ts';
import { promisesOfOpening } from './contract/opening.contract.ts';
import { promisesOfReading } from './contract/reading.contract.ts';
import { promisesOfSharing } from './contract/sharing.contract.ts';
import { Stage, type LogHarness } from './contract/stage.contract.ts';

const groups = {
  opening: promisesOfOpening,
  appending: promisesOfAppending,
  reading: promisesOfReading,
  faithfulness: promisesOfFaithfulness,
  delivering: promisesOfDelivering,
  ending: promisesOfEnding,
  sharing: promisesOfSharing,
  keeping: promisesOfKeeping,
};

/**
 * The promises of the log port, run against one adapter. The store is made once; every test has topics of its own, so
 * that it sees nothing of the others.
 */
export function describeEventLog(name: string, createHarness: () => Promise<LogHarness>): void {
  describe(`the log port on ${name}`, () => {
    let harness: LogHarness | null = null;
    let current: Stage | null = null;
    beforeAll(async () => {
      harness = await createHarness();
    });
    beforeEach(() => {
      if (harness !== null) current = new Stage(harness);
    });
    afterEach(async () => await current?.close());
    afterAll(async () => await harness?.stop());

    const stage = (): Stage => {
      if (current === null) throw new Error('There is no stage outside a test.');
      return current;
    };
    for (const [group, promises] of Object.entries(groups)) {
      describe(group, () => {
        promises(stage);
      });
    }
  });
}
