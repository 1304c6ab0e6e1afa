import { newPartitionState, type Beat, type CheckDefinition } from '#domain';
import { BEATS, encodeEvent, foldBatch, type LogBatch } from '#event-log';
import { SystemClock } from '#platform';
import type { BenchResult } from './result.ts';

const SIZES = [10_000, 100_000] as const;
const RECORDS = 400_000;
const BATCH = 1_000;
const PINGS_PER_APPEND = 50;
const PERIOD_MS = 60_000;
/** Every so many-th job does not ping in a round, so that timers fire and verdicts are made as well. */
const ABSENT = 50;
const START_AT = 1_800_000_000_000;

/**
 * Records of JSON through the decoder and the full fold, one partition on one core: pings of many checks in turn, with
 * the watermarks of two ingests between them. The ratio is the rate with many checks by the rate with few.
 */
export async function benchFold(): Promise<BenchResult> {
  const clock = new SystemClock();
  const figures: Record<string, number> = {};
  const rates: number[] = [];
  for (const checks of SIZES) {
    const batches = logOf(checks);
    const state = newPartitionState(0);
    const [first, ...rest] = batches;
    if (first !== undefined) foldBatch(state, first);
    const begunAt = clock.monotonic();
    let verdicts = 0;
    let records = 0;
    for (const batch of rest) {
      for (const step of foldBatch(state, batch).steps) verdicts += step.verdicts.length;
      records += batch.records.length;
    }
    const seconds = (clock.monotonic() - begunAt) / 1_000;
    rates.push(records / seconds);
    figures[`recordsPerSecond${checks}`] = Math.round(records / seconds);
    figures[`verdicts${checks}`] = verdicts;
  }
  const begunAt = clock.monotonic();
  const lines = logOf(SIZES[0]).slice(1).flatMap(({ records }) => records);
  const parsedFrom = clock.monotonic();
  for (const { value } of lines) JSON.parse(value ?? '');
  figures['parsedOnlyPerSecond'] = Math.round(lines.length / ((clock.monotonic() - parsedFrom) / 1_000));
  figures['secondsToMakeTheLog'] = Math.round((parsedFrom - begunAt) / 100) / 10;
  return { ratio: (rates[1] ?? 0) / (rates[0] ?? 1), figures };
}

/** The first batch configures every check and joins the ingests; the others are what is measured. */
function logOf(checks: number): LogBatch[] {
  const setup: Beat[] = Array.from({ length: checks }, (_, index) => ({
    v: 1,
    type: 'check.configured',
    producer: 'api',
    epoch: 1,
    pseq: index + 1,
    definition: definition(index),
  }));
  const ingests = ['ingest-a', 'ingest-b'].map((producer) => ({ producer, epoch: 1, pseq: 0 }));
  for (const ingest of ingests) setup.push({ v: 1, type: 'ingest.joined', ...ingest, at: START_AT });
  const beats: Beat[] = [];
  const stepMs = PERIOD_MS / checks;
  for (let turn = 0; beats.length < RECORDS; turn += 1) {
    const at = Math.floor(START_AT + turn * stepMs);
    const ingest = ingests[Math.floor(turn / PINGS_PER_APPEND) % ingests.length];
    if (ingest === undefined) continue;
    const absent = (turn + Math.floor(turn / checks)) % ABSENT === 0;
    if (!absent) {
      ingest.pseq += 1;
      beats.push(pingOf(turn % checks, ingest, at));
    }
    if (turn % PINGS_PER_APPEND === PINGS_PER_APPEND - 1)
      for (const each of ingests) beats.push({ v: 1, type: 'watermark', ...each, at });
  }
  return [setup, ...cut(beats)].reduce<LogBatch[]>((batches, events) => {
    const from = batches.at(-1)?.nextOffset ?? 0;
    const records = events.map((beat, index) => ({ offset: from + index, key: 'k', value: encodeEvent(beat) }));
    return [...batches, { topic: BEATS, partition: 0, records, nextOffset: from + events.length }];
  }, []);
}

function cut(beats: readonly Beat[]): Beat[][] {
  return Array.from({ length: Math.ceil(beats.length / BATCH) }, (_, index) =>
    beats.slice(index * BATCH, (index + 1) * BATCH),
  );
}

function checkId(index: number): string {
  return `${index.toString(16).padStart(8, '0')}-7d4e-4b6a-9c1d-5e8f0a2b4c6d`;
}

function pingOf(index: number, from: { producer: string; epoch: number; pseq: number }, at: number): Beat {
  return {
    v: 1,
    type: 'ping.received',
    ...from,
    receivedAt: at,
    checkId: checkId(index),
    kind: 'success',
    exitStatus: null,
    rid: null,
    dialect: 'healthchecks',
    method: 'GET',
    scheme: 'https',
    remoteAddr: '203.0.113.7',
    userAgent: 'curl/8.5.0',
    body: null,
    bodyTruncated: false,
  };
}

function definition(index: number): CheckDefinition {
  return {
    checkId: checkId(index),
    projectId: `project-${index % 100}`,
    pingKey: '0'.repeat(32),
    configVersion: 1,
    name: `Job ${index}`,
    slug: `job-${index}`,
    tags: [],
    schedule: { kind: 'interval', periodMs: PERIOD_MS },
    graceMs: 15_000,
    maxRuntimeMs: null,
    missedThreshold: 1,
    failedThreshold: 1,
    recoveryThreshold: 1,
    methods: 'any',
    manualResume: false,
  };
}
