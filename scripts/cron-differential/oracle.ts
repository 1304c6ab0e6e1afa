// Engine against oracle at any length: `node dist/scripts/cron-differential/oracle.js [rounds] [seed]`, after a build.
// Every class of job at every change of the clock from 2007 to 2060, then so many random expressions over a year each.
import { seeded } from '../../libs/domain/src/schedule/cron-oracle-job.contract.ts';
import {
  compareChanges,
  compareSeconds,
  compareYears,
  everyChange,
  type Comparison,
} from '../../libs/domain/src/schedule/cron-oracle-rounds.contract.ts';

const [rounds = 1_000, seed = 1] = process.argv.slice(2).map(Number);

function report(name: string, compare: () => Comparison): void {
  const begunAt = performance.now();
  const { rounds: asked, slots, differences } = compare();
  const seconds = ((performance.now() - begunAt) / 1_000).toFixed(1);
  console.log(`${name}: ${asked} rounds, ${slots} slots, ${differences.length} differences, ${seconds} s`);
  for (const difference of differences.slice(0, 20)) console.log(`  ${difference}`);
  if (differences.length > 0) process.exitCode = 1;
}

report('changes', () => compareChanges(everyChange(2007, 2060)));
report('seconds', () => compareSeconds(seeded(seed), rounds));
report('years', () => compareYears(seeded(seed), rounds));
