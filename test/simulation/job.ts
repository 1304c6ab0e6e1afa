import { examineSeed } from './examine.ts';
import type { FromJob, ToJob } from './jobs.ts';
import { catchMutation } from './mutation-check.ts';
import { MUTATIONS } from './mutations.ts';

// One of several processes that share the work.
process.on('message', (work: ToJob) => {
  if (work.kind === 'mutation') {
    const mutation = MUTATIONS[work.name];
    const caught = mutation === undefined ? null : catchMutation(mutation, work.from);
    say({ kind: 'tried', name: work.name, caught });
  } else {
    for (let seed = work.from; seed < work.from + work.count; seed += 1) {
      say({ kind: 'examined', examination: examineSeed(seed) });
    }
  }
  say({ kind: 'done' });
});

function say(message: FromJob): void {
  process.send?.(message);
}
