import {
  pick,
  randomJob,
  seeded,
  type Job,
} from '../../libs/domain/src/schedule/cron-oracle-job.contract.ts';
import { everyChange } from '../../libs/domain/src/schedule/cron-oracle-rounds.contract.ts';
import { allZoneNames, zoneNamed, type Zone } from '../../libs/domain/src/schedule/zone.ts';

const HOUR_SECONDS = 3_600;

/** A question that several implementations can answer: the first slot after an instant, or the last before it. */
export interface RandomCase {
  readonly job: Job;
  readonly zone: Zone;
  /** Whole seconds since 1970; the instant itself is never the answer. */
  readonly at: number;
  readonly direction: 'next' | 'previous';
}

const changes = everyChange(2008, 2037);
const zoneNames = [...allZoneNames()];

/** The case of this number, the same on every machine; three of four are near a change of the clock. */
export function caseAt(number: number): RandomCase {
  // Neighbouring seeds begin alike: they are spread, and the first numbers are thrown away.
  const random = seeded(Math.imul(number + 1, 2_654_435_761));
  for (let thrown = 0; thrown < 8; thrown += 1) random(2);
  const change = random(4) > 0 ? pick(random, changes) : null;
  const zone = change?.zone ?? zoneNamed(pick(random, zoneNames));
  if (zone === null) throw new Error('a zone without a table');
  const reach = (random(2) === 0 ? 3 : 36) * HOUR_SECONDS;
  const from = change === null ? Date.UTC(2008, 0, 1) / 1_000 : change.at / 1_000 - reach;
  const instant = from + random(change === null ? 30 * 365 * 24 * HOUR_SECONDS : 2 * reach);
  const at = random(2) === 0 ? instant : Math.floor(instant / 60) * 60;
  const job = randomJob(random, random(5) === 0);
  return { job, zone, at, direction: random(3) === 0 ? 'previous' : 'next' };
}
