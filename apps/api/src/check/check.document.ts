import { createHash } from 'node:crypto';
import { assertionDocument, isoOrNull } from '#event-log';
import type { CheckRow, CheckStatusRow } from '#persistence';

export interface CheckView {
  readonly row: CheckRow;
  /** Null until the projection has seen the check. */
  readonly status: CheckStatusRow | null;
  readonly channelIds: readonly string[];
  readonly pingKey: string;
}

/** The check as Healthchecks' v3 shows it to this kind of key; with a read-write key, with our fields beyond it. */
export function checkDocument(
  view: CheckView,
  base: string,
  options: { readOnly: boolean; now: number },
): object {
  const { row, status } = view;
  const late = isLate(status, options.now);
  const judged = status?.status ?? 'new';
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
    next_ping: wholeSeconds(nextPingAt(status)),
    manual_resume: row.manualResume,
    methods: row.methods,
    ...filtersOf(row),
    ...scheduleShown(row),
    ...(lastDurationMs === null ? {} : { last_duration: Math.floor(lastDurationMs / 1_000) }),
  };
  if (options.readOnly) return { ...shown, unique_key: uniqueKeyOf(row.id) };
  return { ...shown, ...linksOf(view, base), ...beyondHealthchecks(view, base, late) };
}

/** Healthchecks' rule: nothing is awaited of a check that is down; of a run that is open, its end is, from its start on. */
function nextPingAt(status: CheckStatusRow | null): number | null {
  if (status === null || status.status === 'down') return null;
  const startedAt = status.openRuns > 0 ? status.lastStartAt : null;
  const expectedAt = status.status === 'paused' ? null : status.expectedAt;
  if (startedAt === null || expectedAt === null) return startedAt ?? expectedAt;
  return Math.min(startedAt, expectedAt);
}

/** Between the expected time and the deadline. */
export function isLate(status: CheckStatusRow | null, now: number): boolean {
  return status?.status === 'up' && status.expectedAt !== null && now >= status.expectedAt;
}

/** Healthchecks knows timeouts, and schedules with a zone: a window is shown as the latter, `none` as neither. */
function scheduleShown(row: CheckRow): object {
  if (row.kind === 'interval') return { timeout: row.timeoutSeconds };
  return row.kind === 'none' ? {} : { schedule: row.schedule, tz: row.zone };
}

/** `subject` and `subject_fail` are the old names of the keywords, in use while subjects are looked at. */
function filtersOf(row: CheckRow): object {
  return {
    subject: row.filterSubject ? row.successKeywords : '',
    subject_fail: row.filterSubject ? row.failureKeywords : '',
    start_kw: row.startKeywords,
    success_kw: row.successKeywords,
    failure_kw: row.failureKeywords,
    filter_subject: row.filterSubject,
    filter_body: row.filterBody,
    filter_http_body: row.filterHttpBody,
    filter_default_fail: row.filterDefaultFail,
  };
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
    progress_interval: row.progressIntervalSeconds,
    early_tolerance: row.earlyToleranceSeconds,
    watched_runs: row.watchedRuns,
    missed_threshold: row.missedThreshold,
    failed_threshold: row.failedThreshold,
    recovery_threshold: row.recoveryThreshold,
    hold_on_mass_silence: row.holdOnMassSilence,
    assertions: row.assertions.map(assertionDocument),
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
