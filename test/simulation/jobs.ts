import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Examination } from './examine.ts';
import type { Caught } from './mutation-check.ts';

/** What a job is asked. */
export type ToJob =
  | { readonly kind: 'seeds'; readonly from: number; readonly count: number }
  | { readonly kind: 'mutation'; readonly name: string; readonly from: number };

/** What a job answers; `done` asks for more. */
export type FromJob =
  | { readonly kind: 'examined'; readonly examination: Examination }
  | { readonly kind: 'tried'; readonly name: string; readonly caught: Caught | null }
  | { readonly kind: 'done' };

/** Few enough that all jobs end at about the same time. */
const SEEDS_AT_ONCE = 10;

/** Consecutive seeds in portions. */
export function portionsOf(from: number, count: number): ToJob[] {
  const portions: ToJob[] = [];
  for (let at = from; at < from + count; at += SEEDS_AT_ONCE) {
    portions.push({ kind: 'seeds', from: at, count: Math.min(SEEDS_AT_ONCE, from + count - at) });
  }
  return portions;
}

/** Has work done in so many processes at once; each takes the next when it is done with its last. */
export async function workInJobs(
  work: readonly ToJob[],
  jobs: number,
  note: (message: FromJob) => void,
): Promise<void> {
  const waiting = [...work];
  await Promise.all(Array.from({ length: jobs }, async () => await runJob(waiting, note)));
}

async function runJob(waiting: ToJob[], note: (message: FromJob) => void): Promise<void> {
  const fromSource = import.meta.url.endsWith('.ts');
  const program = new URL(fromSource ? 'job.ts' : 'job.js', import.meta.url);
  const execArgv = fromSource ? ['--import', new URL('from-source.mjs', import.meta.url).href] : [];
  const child = fork(fileURLToPath(program), { execArgv });
  await new Promise<void>((resolve, reject) => {
    const next = (): void => {
      const work = waiting.shift();
      if (work === undefined) child.disconnect();
      else child.send(work);
    };
    child.on('message', (message: FromJob) => {
      if (message.kind === 'done') next();
      else note(message);
    });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A job ended with ${code}.`))));
    next();
  });
}
