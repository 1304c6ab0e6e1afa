import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { IngestModule } from '../apps/ingest/src/ingest.module.ts';
import { logMigration } from '../apps/standalone/src/standalone.ts';
import { HEALTHCHECKS_RULES } from '#domain';
import {
  BEATS,
  DEFINITIONS,
  EventLogModule,
  LogStrategy,
  encodeDefinition,
  openEventLog,
  type EventLog,
} from '#event-log';
import { Database } from '#persistence';
import { PlatformModule, createServicePlatform, startApp, startEmbeddedPostgres } from '#platform';
import { drive, type LoadResult } from './load.ts';
import type { BenchResult } from './result.ts';

const CHECKS = 200;
const CONNECTIONS = 128;
const ROUND_SECONDS = 6;
const ROUNDS = 3;
const PARTITIONS = 4;

/**
 * Durable pings against a bare `node:http` responder: the same load, in turns, on the same machine. Only ingest and its
 * log run here; durability is PostgreSQL's own (fsync and synchronous commit on).
 */
export async function benchIngest(): Promise<BenchResult> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'holter-bench-'));
  const platform = createServicePlatform('bench', 'warn');
  const postgres = await startEmbeddedPostgres({ dataFolder: folder, clock: platform.clock });
  const database = await Database.open({
    url: postgres.url,
    applicationName: 'bench',
    poolSize: 2,
    migrations: [logMigration],
  });
  const place = { databaseUrl: postgres.url };
  const log = await openEventLog({ place, partitions: PARTITIONS, clientId: 'bench', ...platform });
  const ids = await defineChecks(log);
  const ingest = await startApp({
    name: 'bench',
    platform,
    http: { host: '127.0.0.1', port: 0, trustedProxies: [] },
    modules: [
      PlatformModule.forRoot(platform),
      EventLogModule.forRoot(log),
      IngestModule.forRoot({ dataFolder: folder, bodyLimit: 100_000 }),
    ],
    strategy: new LogStrategy(log),
    closing: async () => {
      await log.close();
      await database.close();
      await postgres.stop();
    },
  });
  const bare = await bareResponder();
  const urls = ids.map((id) => `http://127.0.0.1:${ingest.where.port}/ping/${id}`);
  await drive({ urls, connections: CONNECTIONS, seconds: 2 });
  await drive({ urls: [bare.url], connections: CONNECTIONS, seconds: 2 });
  const before = await recordsIn(log);
  const rounds: { bare: LoadResult; pings: LoadResult }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const plain = await drive({ urls: [bare.url], connections: CONNECTIONS, seconds: ROUND_SECONDS });
    const pings = await drive({ urls, connections: CONNECTIONS, seconds: ROUND_SECONDS });
    rounds.push({ bare: plain, pings });
  }
  const appended = (await recordsIn(log)) - before;
  bare.server.close();
  await ingest.close();
  rmSync(folder, { recursive: true, force: true });
  return summary(rounds, appended);
}

async function defineChecks(log: EventLog): Promise<string[]> {
  const ids = Array.from({ length: CHECKS }, () => randomUUID());
  const records = ids.map((checkId) => ({
    key: checkId,
    value: encodeDefinition({
      checkId,
      projectId: randomUUID(),
      pingKey: '0'.repeat(32),
      configVersion: 1,
      name: 'bench',
      slug: '',
      tags: [],
      schedule: { kind: 'interval', periodMs: 60_000 },
      graceMs: 60_000,
      ...HEALTHCHECKS_RULES,
    }),
  }));
  await log.append(DEFINITIONS, 0, records);
  return ids;
}

/** Offsets count every record: pings, and one watermark with each append. */
async function recordsIn(log: EventLog): Promise<number> {
  const ends = await Promise.all(
    Array.from({ length: PARTITIONS }, async (_, partition) => await log.endOffset(BEATS, partition)),
  );
  return ends.reduce((sum, end) => sum + end, 0);
}

async function bareResponder(): Promise<{ server: http.Server; url: string }> {
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('OK');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { server, url: `http://127.0.0.1:${port}/` };
}

function summary(rounds: readonly { bare: LoadResult; pings: LoadResult }[], appended: number): BenchResult {
  const median = (values: number[]): number =>
    values.sort((left, right) => left - right)[values.length >> 1] ?? 0;
  const acknowledged = rounds.reduce((sum, { pings }) => sum + pings.acknowledged, 0);
  return {
    ratio: median(rounds.map(({ bare, pings }) => pings.requestsPerSecond / bare.requestsPerSecond)),
    figures: {
      bareRequestsPerSecond: median(rounds.map(({ bare }) => bare.requestsPerSecond)),
      durablePingsPerSecond: median(rounds.map(({ pings }) => pings.requestsPerSecond)),
      p50Ms: median(rounds.map(({ pings }) => pings.p50Ms)),
      p99Ms: median(rounds.map(({ pings }) => pings.p99Ms)),
      acknowledged,
      refused: rounds.reduce((sum, { pings }) => sum + pings.refused, 0),
      recordsAppended: appended,
    },
  };
}
