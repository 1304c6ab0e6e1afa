import os from 'node:os';
import { parseArgs } from 'node:util';
import type { Examination } from './examine.ts';
import { FAILED_SEEDS } from './failed-seeds.ts';
import { portionsOf, workInJobs, type FromJob, type ToJob } from './jobs.ts';
import { MUTATIONS } from './mutations.ts';
import { added, linesOf, NOTHING } from './totals.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(os.cpus().length) },
    mutations: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** A world with a fault usually has many of one kind. */
const FINDINGS_SHOWN = 5;

const failed: Examination[] = [];
let totals = NOTHING;
function noteExamined(message: FromJob): void {
  if (message.kind !== 'examined') return;
  totals = added(totals, message.examination.totals);
  if (message.examination.findings.length > 0) failed.push(message.examination);
}

const from = Number(values.from);
const jobs = Number(values.jobs);
const startedAt = process.hrtime.bigint();
// Once failed, always run; they are not counted, for they may be among the others.
await workInJobs(
  FAILED_SEEDS.flatMap((seed) => portionsOf(seed, 1)),
  jobs,
  noteExamined,
);
totals = NOTHING;
await workInJobs(portionsOf(from, Number(values.seeds)), jobs, noteExamined);
const tookSeconds = Number(process.hrtime.bigint() - startedAt) / 1e9;

for (const line of linesOf(totals)) say(line);
const findings = failed.flatMap((examination) => examination.findings);
const count = (...invariants: string[]): number =>
  findings.filter(({ invariant }) => invariants.includes(invariant)).length;
const [falseAlarms, lostAlarms] = [count('I1', 'I6'), count('I2')];
say(`false alarms          ${falseAlarms}`);
say(`lost alarms           ${lostAlarms}`);
say(`other findings        ${findings.length - falseAlarms - lostAlarms}`);
say(`took                  ${tookSeconds.toFixed(1)} s`);
for (const examination of failed.sort((left, right) => left.seed - right.seed)) {
  say(`\nseed ${examination.seed}: ${examination.findings.length} findings`);
  for (const { invariant, what } of examination.findings.slice(0, FINDINGS_SHOWN))
    say(`  ${invariant}: ${what}`);
}

let survived = 0;
if (values.mutations) {
  const work: ToJob[] = Object.keys(MUTATIONS).map((name) => ({ kind: 'mutation', name, from }));
  say('\nwithout                          caught by');
  await workInJobs(work, jobs, (message) => {
    if (message.kind !== 'tried') return;
    const { name, caught } = message;
    if (caught === null) survived += 1;
    const by = caught === null ? 'nothing: it survived' : `${caught.finding.invariant}, seed ${caught.seed}`;
    say(`${name.padEnd(33)}${by}`);
  });
}
process.exitCode = failed.length + survived > 0 ? 1 : 0;
