import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchCron } from './cron.bench.ts';
import { benchFirstRun } from './first-run.bench.ts';
import { benchFold } from './fold.bench.ts';
import { benchIngest } from './ingest.bench.ts';
import type { BenchResult } from './result.ts';

const RESULTS = fileURLToPath(new URL('../../bench/results', import.meta.url));

const BENCHES: Readonly<Record<string, () => Promise<BenchResult>>> = {
  ingest: benchIngest,
  'first-run': benchFirstRun,
  fold: benchFold,
  cron: benchCron,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(1);
}
mkdirSync(RESULTS, { recursive: true });
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const result = await bench();
  const machine = { cores: os.cpus().length, node: process.version, model: os.cpus()[0]?.model ?? 'unknown' };
  writeFileSync(
    path.join(RESULTS, `${name}.json`),
    `${JSON.stringify({ name, machine, ...result }, null, 2)}\n`,
  );
  console.log(name, result.ratio === null ? '' : `ratio ${result.ratio.toFixed(2)}`, result.figures);
}
process.exit(0);
