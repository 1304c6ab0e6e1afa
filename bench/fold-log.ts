import { HEALTHCHECKS_RULES, type Beat, type CheckDefinition, type PingReceived } from '#domain';
import { BEATS, encodeEvent, type LogBatch } from '#event-log';

const BATCH = 1_000;
const PINGS_PER_APPEND = 50;
const PERIOD_MS = 60_000;
/** Every so many-th job does not ping in a round, so that timers fire and verdicts are made as well. */
const ABSENT = 50;
export const START_AT = 1_800_000_000_000;

/** Batches of JSON records of one partition, as ingest and the API write them. */
export class FoldLog {
  #offset = 0;
  #turn = 0;
  readonly #ingests = ['ingest-a', 'ingest-b'].map((producer) => ({ producer, epoch: 1, pseq: 0 }));

  constructor(private readonly checks: number) {}

  /** Configures every check and joins two ingests. */
  *setup(): Generator<LogBatch> {
    const joined = this.#ingests.map((who): Beat => ({ v: 1, type: 'ingest.joined', ...who, at: START_AT }));
    for (let from = 0; from < this.checks; from += BATCH) {
      const count = Math.min(BATCH, this.checks - from);
      yield this.#batch(Array.from({ length: count }, (_, index) => configured(from + index, this.checks)));
    }
    yield this.#batch(joined);
  }

  /** The next so many records of pings from many checks in turn, a watermark of each ingest after every append. */
  pings(records: number): LogBatch[] {
    const beats: Beat[] = [];
    const stepMs = PERIOD_MS / this.checks;
    for (; beats.length < records; this.#turn += 1) {
      const turn = this.#turn;
      const at = Math.floor(START_AT + turn * stepMs);
      const ingest = this.#ingests[Math.floor(turn / PINGS_PER_APPEND) % this.#ingests.length];
      if (ingest === undefined) continue;
      const absent = (turn + Math.floor(turn / this.checks)) % ABSENT === 0;
      if (!absent) beats.push(...report(turn % this.checks, ingest, at));
      if (turn % PINGS_PER_APPEND !== PINGS_PER_APPEND - 1) continue;
      for (const each of this.#ingests) beats.push({ v: 1, type: 'watermark', ...each, at });
    }
    return Array.from({ length: Math.ceil(beats.length / BATCH) }, (_, index) =>
      this.#batch(beats.slice(index * BATCH, (index + 1) * BATCH)),
    );
  }

  #batch(beats: readonly Beat[]): LogBatch {
    const from = this.#offset;
    this.#offset += beats.length;
    const records = beats.map((beat, index) => ({
      offset: from + index,
      key: 'k',
      value: encodeEvent(beat),
    }));
    return { topic: BEATS, partition: 0, records, nextOffset: this.#offset };
  }
}

type Writer = { producer: string; epoch: number; pseq: number };

/** A success; every tenth check reports a start with a run id before it, and every twentieth some numbers. */
function report(index: number, by: Writer, at: number): Beat[] {
  const success = ping(index, at, {
    kind: 'success',
    metrics: index % 20 === 0 ? { rows: index % 97 } : null,
  });
  if (index % 10 !== 0) return [numbered(by, success)];
  const rid = '9b2f4c1d-8e7a-4f3b-a6c5-d0e1f2a3b4c5';
  const start = ping(index, at - 20, { kind: 'start', rid });
  return [numbered(by, start), numbered(by, { ...success, rid })];
}

function numbered(by: Writer, beat: Omit<PingReceived, 'producer' | 'epoch' | 'pseq'>): Beat {
  by.pseq += 1;
  const { v, type, ...facts } = beat;
  // In the order in which ingest writes them.
  return { v, type, ...by, ...facts };
}

function ping(
  index: number,
  at: number,
  facts: Partial<PingReceived>,
): Omit<PingReceived, 'producer' | 'epoch' | 'pseq'> {
  return {
    v: 1,
    type: 'ping.received',
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
    metrics: null,
    ...facts,
  };
}

function configured(index: number, checks: number): Beat {
  return {
    v: 1,
    type: 'check.configured',
    producer: 'api',
    epoch: 1,
    pseq: index + 1,
    definition: definition(index, checks),
  };
}

/** One in five by cron in a zone with summer time, one in twenty with an assertion, the others by an interval. */
function definition(index: number, checks: number): CheckDefinition {
  // The second of the minute in which the check pings, so that it is in time.
  const second = Math.floor((index / checks) * 60);
  const minutely = { kind: 'cron', expressions: [`${second} * * * * *`], zone: 'Europe/Berlin' } as const;
  const rows = {
    kind: 'metric',
    metric: 'rows',
    op: '>=',
    value: 0,
    required: false,
    severity: 'failed',
  } as const;
  return {
    ...HEALTHCHECKS_RULES,
    checkId: checkId(index),
    projectId: `project-${index % 100}`,
    pingKey: '0'.repeat(32),
    configVersion: 1,
    name: `Job ${index}`,
    slug: `job-${index}`,
    tags: [],
    schedule: index % 5 === 1 ? minutely : { kind: 'interval', periodMs: PERIOD_MS },
    graceMs: 15_000,
    watchedRuns: 'all',
    earlyToleranceMs: index % 2 === 0 ? null : 0,
    assertions: index % 20 === 0 ? [rows] : [],
  };
}

function checkId(index: number): string {
  const scattered = Math.imul(index, 0x9e3779b1) >>> 0;
  return `${index.toString(16).padStart(8, '0')}-7d4e-4b6a-9c1d-${scattered.toString(16).padStart(12, '0')}`;
}
