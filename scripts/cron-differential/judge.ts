// Compares the answers of cronsim_answers.py with the engine's; where they differ, the oracle walks from the instant to
// the slot and says who is right: `node dist/scripts/cron-differential/judge.js answers.jsonl [golden.json]`.
import { readFileSync, writeFileSync } from 'node:fs';
import {
  compiled,
  offsetsIn,
  spanOf,
  walk,
} from '../../libs/domain/src/schedule/cron-oracle-walk.contract.ts';
import { nextSlotAfter, previousSlotAtOrBefore } from '../../libs/domain/src/schedule/schedule.ts';
import { classOf, type Difference } from './difference-class.ts';
import { caseAt, type RandomCase } from './random-case.ts';

interface Answer {
  readonly number: number;
  readonly expression: string;
  readonly at: number;
  readonly theirs?: number | null;
  readonly error?: string;
}

const [answersFile = 'answers.jsonl', goldenFile] = process.argv.slice(2);

/** The longest stretch that is walked at a time, and the longest way to a slot. */
const STEP_MS = 30 * 86_400_000;
const STEPS_WALKED = 12 * 51;

function ours({ job, zone, at, direction }: RandomCase): number | null {
  const schedule = compiled(job.text, zone.name);
  if (schedule === null) return null;
  const slot =
    direction === 'next'
      ? nextSlotAfter(schedule, at * 1_000)
      : previousSlotAtOrBefore(schedule, at * 1_000 - 1);
  return slot === null ? null : slot / 1_000;
}

function walkedSlot({ job, zone, at, direction }: RandomCase): number | null {
  const tick = job.text.split(' ').length === 6 ? 1 : 60;
  const forwards = direction === 'next';
  for (let step = 0; step < STEPS_WALKED; step += 1) {
    const beginAt = at * 1_000 + (forwards ? step : -step - 1) * STEP_MS;
    const span = spanOf(beginAt, beginAt + STEP_MS);
    const slots = walk(job, offsetsIn(zone, span), span, tick).map((slot) => slot / 1_000);
    const found = forwards ? slots.find((slot) => slot > at) : slots.findLast((slot) => slot < at);
    if (found !== undefined) return found;
  }
  return null;
}

function rightOf(
  asked: RandomCase,
  slot: number | null,
  theirs: number | null,
  kind: string,
): Difference['right'] {
  if (kind === 'before 2007') return 'theirs';
  const walked = walkedSlot(asked);
  if (walked === slot) return 'ours';
  return walked === theirs ? 'theirs' : 'neither';
}

function text(at: number | null): string {
  return at === null ? 'none' : new Date(at * 1_000).toISOString().replace('.000', '');
}

/** What the golden file keeps: each so many-th case on which both agree, and so many refusals of a kind. */
const AGREED_KEPT = 15;
const REFUSALS_KEPT = 12;

const agreed: unknown[] = [];
const differences: Difference[] = [];
let refused = 0;
for (const line of readFileSync(answersFile, 'utf8').split('\n')) {
  if (line === '') continue;
  const answer: Answer = JSON.parse(line);
  const { theirs, error } = answer;
  const asked = caseAt(answer.number);
  if (asked.job.text !== answer.expression) throw new Error('the answers belong to other cases');
  const slot = ours(asked);
  if (error !== undefined) refused += 1;
  // A refusal of what never happens is an agreement.
  if (error === undefined ? slot === theirs : compiled(asked.job.text, asked.zone.name) === null) {
    agreed.push([answer.expression, asked.zone.name, asked.direction, text(answer.at), text(slot)]);
    continue;
  }
  const kind = classOf(asked, slot, error ?? theirs ?? null);
  differences.push({
    expression: answer.expression,
    zone: asked.zone.name,
    direction: asked.direction,
    at: text(answer.at),
    ours: text(slot),
    theirs: error ?? text(theirs ?? null),
    right: rightOf(asked, slot, theirs ?? null, kind),
    class: kind,
  });
}

console.log(`${agreed.length} agree, ${differences.length} differ, of these ${refused} refused by cronsim`);
for (const name of [...new Set(differences.map((each) => each.class))].sort()) {
  const those = differences.filter((each) => each.class === name);
  const count = (right: Difference['right']): number => those.filter((each) => each.right === right).length;
  console.log(`\n${name}: ${those.length}`);
  console.log(`  right: ours ${count('ours')}, theirs ${count('theirs')}, neither ${count('neither')}`);
  for (const each of those.slice(0, 8)) console.log(`  ${JSON.stringify(each)}`);
}
if (goldenFile !== undefined) {
  const kept = differences.filter(({ class: kind }, index) => {
    const before = differences.slice(0, index).filter((each) => each.class === kind).length;
    return before < (kind.startsWith('refused') ? REFUSALS_KEPT : Infinity);
  });
  const rows = kept.map((each) => JSON.stringify(Object.values(each)));
  const same = agreed.filter((_, index) => index % AGREED_KEPT === 0).map((each) => JSON.stringify(each));
  writeFileSync(
    goldenFile,
    `{"agreed":[\n${same.join(',\n')}\n],\n"differences":[\n${rows.join(',\n')}\n]}\n`,
  );
}
