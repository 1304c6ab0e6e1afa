import { createHash } from 'node:crypto';
import { isoOrNull } from '#event-log';
import type { CheckRow, CheckStatusRow } from '#persistence';

export interface CheckView {
  readonly row: CheckRow;
  /** Null until the projection has seen the check. */
  readonly status: CheckStatusRow | null;
  readonly channelIds: readonly string[];
  readonly pingKey: string;
}

/** Filters of Healthchecks in their neutral state; see the schema. */
const NEUTRAL_FILTERS = {
  subject: '',
  subject_fail: '',
  start_kw: '',
  success_kw: '',
  failure_kw: '',
  filter_subject: false,
  filter_body: false,
  filter_http_body: false,
  filter_default_fail: false,
};

/** The check as Healthchecks' v3 shows it to this kind of key; with a read-write key, with our fields beyond it. */
export function checkDocument(
  view: CheckView,
  base: string,
  options: { readOnly: boolean; now: number },
): object {
  const { row, status } = view;
  const late = isLate(status, options.now);
  const judged = status?.status ?? 'new';
  const schedule =
    row.kind === 'interval' ? { timeout: row.timeoutSeconds } : { schedule: row.schedule, tz: row.zone };
  const lastDurationMs = status?.lastDurationMs ?? null;
  const shown = {
    name: row.name,
    slug: row.slug,
    tags: row.tags,
    desc: row.description,
    grace: row.graceSeconds,
    n_pings: status?.pingCount ?? 0,
    status: late ? 'grace' : judged,
    started: (status?.openRuns ?? 0) > 0,
    last_ping: wholeSeconds(status?.lastPingAt ?? null),
    next_ping: wholeSeconds(status?.expectedAt ?? null),
    manual_resume: row.manualResume,
    methods: row.methods,
    ...NEUTRAL_FILTERS,
    ...schedule,
    ...(lastDurationMs === null ? {} : { last_duration: Math.floor(lastDurationMs / 1_000) }),
  };
  if (options.readOnly) return { ...shown, unique_key: uniqueKeyOf(row.id) };
  return { ...shown, ...linksOf(view, base), ...beyondHealthchecks(view, base, late) };
}

/** Between the expected time and the deadline. */
export function isLate(status: CheckStatusRow | null, now: number): boolean {
  return status?.status === 'up' && status.expectedAt !== null && now >= status.expectedAt;
}

function linksOf({ row, channelIds }: CheckView, base: string): object {
  const api = `${base}/api/v3/checks/${row.id}`;
  return {
    uuid: row.id,
    ping_url: `${base}/ping/${row.id}`,
    update_url: api,
    pause_url: `${api}/pause`,
    resume_url: `${api}/resume`,
    channels: [...channelIds].sort().join(','),
  };
}

function beyondHealthchecks({ row, status, pingKey }: CheckView, base: string, late: boolean): object {
  return {
    kind: row.kind,
    max_runtime: row.maxRuntimeSeconds,
    missed_threshold: row.missedThreshold,
    failed_threshold: row.failedThreshold,
    recovery_threshold: row.recoveryThreshold,
    late,
    expected_at: isoOrNull(status?.expectedAt ?? null),
    deadline_at: isoOrNull(status?.deadlineAt ?? null),
    reason: status?.reason ?? null,
    config_version: row.configVersion,
    ping_urls: {
      healthchecks: `${base}/ping/${row.id}`,
      slug: row.slug === '' ? null : `${base}/ping/${pingKey}/${row.slug}`,
    },
  };
}

/** Healthchecks' form of an instant: UTC with an offset and without a fraction. */
export function wholeSeconds(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}

/** Names a check to those who may not know its UUID: SHA-1 of the first 16 of its hex digits, as in Healthchecks. */
export function uniqueKeyOf(checkId: string): string {
  return createHash('sha1').update(checkId.replaceAll('-', '').slice(0, 16)).digest('hex');
}
