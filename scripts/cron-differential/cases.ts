// Prints so many random cases, one JSON object a line, for other implementations to answer:
// `node dist/scripts/cron-differential/cases.js [count]`.
import { caseAt } from './random-case.ts';

const count = Number(process.argv[2] ?? 30_000);
for (let number = 0; number < count; number += 1) {
  const { job, zone, at, direction } = caseAt(number);
  process.stdout.write(
    `${JSON.stringify({ number, expression: job.text, zone: zone.name, at, direction })}\n`,
  );
}
