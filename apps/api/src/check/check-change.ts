import { compileSchedule, describeSchedule, type Assertion } from '#domain';
import type { CheckRow, ProjectRow } from '#persistence';
import { HttpError } from '#platform';
import { guessedKind } from '../schedule/schedule-text.ts';
import { scheduleOf } from './check-definition.ts';
import type { CheckRequest, UniqueField } from './check.schema.ts';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;
const NO_ASSERTIONS: readonly Assertion[] = [];

/** A check as Healthchecks makes it when nothing is said: once a day, an hour's grace. */
export function newCheckRow(id: string, project: ProjectRow, createdAt: number): CheckRow {
  return {
    id,
    projectId: project.id,
    name: '',
    slug: '',
    tags: '',
    description: '',
    kind: 'interval',
    timeoutSeconds: DAY_SECONDS,
    graceSeconds: HOUR_SECONDS,
    schedule: '* * * * *',
    zone: 'UTC',
    maxRuntimeSeconds: null,
    progressIntervalSeconds: null,
    earlyToleranceSeconds: 0,
    watchedRuns: 'newest',
    missedThreshold: 1,
    failedThreshold: 1,
    recoveryThreshold: 1,
    methods: '',
    manualResume: false,
    holdOnMassSilence: true,
    assertions: NO_ASSERTIONS,
    startKeywords: '',
    successKeywords: '',
    failureKeywords: '',
    filterSubject: false,
    filterBody: false,
    filterHttpBody: false,
    filterDefaultFail: false,
    configVersion: 0,
    createdAt,
  };
}

/** The row after a change. Where no kind is named, a schedule or a timeout says which it is, as in Healthchecks. */
export function changedRow(row: CheckRow, change: CheckRequest): CheckRow {
  const kind = change.kind ?? kindOf(row, change);
  const changed: CheckRow = {
    ...row,
    ...changedRules(row, change),
    ...changedFilters(row, change),
    kind,
    name: change.name ?? row.name,
    slug: change.slug ?? row.slug,
    tags: change.tags ?? row.tags,
    description: change.desc ?? row.description,
    // With a schedule the timeout is not stored.
    timeoutSeconds: kind === 'interval' ? (change.timeout ?? row.timeoutSeconds) : row.timeoutSeconds,
    schedule: change.schedule ?? row.schedule,
    zone: change.tz ?? row.zone,
    configVersion: row.configVersion + 1,
  };
  refuseContradiction(row, change);
  refuseBadSchedule(changed, change);
  return changed;
}

/**
 * The first version of a check. Whoever names its kind speaks Holter's language, and gets the grace that fits its
 * schedule where none is given; everybody else gets Healthchecks' hour.
 */
export function createdRow(row: CheckRow, change: CheckRequest, fromAt: number): CheckRow {
  const created = changedRow(row, change);
  if (change.kind === undefined || change.grace !== undefined) return created;
  const { defaultGraceMs } = describeSchedule(scheduleOf(created), { fromAt });
  return { ...created, graceSeconds: Math.ceil(defaultGraceMs / 1_000) };
}

/** Fields that the kind has no use for are refused, because somebody meant something by them. */
function refuseContradiction(row: CheckRow, { kind, schedule, timeout }: CheckRequest): void {
  if (kind === undefined) return;
  const hasSchedule = kind === 'cron' || kind === 'oncalendar' || kind === 'window';
  if (!hasSchedule && schedule !== undefined) {
    const instead = kind === 'interval' ? 'timeout' : 'nothing';
    throw refusal(`schedule is not for "kind": "${kind}"; write ${instead} beside it, or another kind`);
  }
  if (kind !== 'interval' && timeout !== undefined) {
    throw refusal(`timeout is not for "kind": "${kind}"; leave it out, or write "kind": "interval"`);
  }
  if (hasSchedule && schedule === undefined && row.kind !== kind) {
    throw scheduleRefusal('schedule', `it is missing; write the schedule beside "kind": "${kind}"`);
  }
}

function refusal(sentence: string): HttpError {
  return new HttpError(400, `json validation error: ${sentence}`);
}

function changedRules(row: CheckRow, change: CheckRequest): Partial<CheckRow> {
  return {
    graceSeconds: change.grace ?? row.graceSeconds,
    maxRuntimeSeconds: unlessGiven(change.max_runtime, row.maxRuntimeSeconds),
    progressIntervalSeconds: unlessGiven(change.progress_interval, row.progressIntervalSeconds),
    earlyToleranceSeconds: unlessGiven(change.early_tolerance, row.earlyToleranceSeconds),
    watchedRuns: change.watched_runs ?? watchedBy(row, change),
    missedThreshold: change.missed_threshold ?? row.missedThreshold,
    failedThreshold: change.failed_threshold ?? row.failedThreshold,
    recoveryThreshold: change.recovery_threshold ?? row.recoveryThreshold,
    methods: change.methods ?? row.methods,
    manualResume: change.manual_resume ?? row.manualResume,
    holdOnMassSilence: change.hold_on_mass_silence ?? row.holdOnMassSilence,
    assertions: change.assertions ?? row.assertions,
  };
}

/** Whoever sets a max runtime for the first time means each run by it; without one, Healthchecks' grace is for the newest. */
function watchedBy(row: CheckRow, change: CheckRequest): CheckRow['watchedRuns'] {
  const isFirst = row.maxRuntimeSeconds === null && (change.max_runtime ?? null) !== null;
  return isFirst ? 'all' : row.watchedRuns;
}

/** Null is a value of its own here; only what is left out stays. */
function unlessGiven(given: number | null | undefined, before: number | null): number | null {
  return given === undefined ? before : given;
}

/**
 * The old names `subject` and `subject_fail` set the keywords and say by the way whether subjects are looked at at all;
 * the new names win where a request has both.
 */
function changedFilters(row: CheckRow, change: CheckRequest): Partial<CheckRow> {
  const success = change.subject ?? row.successKeywords;
  const failure = change.subject_fail ?? row.failureKeywords;
  const oldNames = change.subject !== undefined || change.subject_fail !== undefined;
  const bySubject = oldNames ? success !== '' || failure !== '' : row.filterSubject;
  return {
    startKeywords: change.start_kw ?? row.startKeywords,
    successKeywords: change.success_kw ?? success,
    failureKeywords: change.failure_kw ?? failure,
    filterSubject: change.filter_subject ?? bySubject,
    filterBody: change.filter_body ?? row.filterBody,
    filterHttpBody: change.filter_http_body ?? row.filterHttpBody,
    filterDefaultFail: change.filter_default_fail ?? row.filterDefaultFail,
  };
}

function kindOf(row: CheckRow, change: CheckRequest): CheckRow['kind'] {
  if (change.schedule !== undefined) return guessedKind(change.schedule);
  return change.timeout === undefined ? row.kind : 'interval';
}

function refuseBadSchedule(row: CheckRow, change: CheckRequest): void {
  const result = compileSchedule(scheduleOf(row));
  if (!result.ok) throw scheduleRefusal(result.field, result.problem);
  // A zone that is only stored, because no schedule reads it, must be one all the same.
  if (change.tz === undefined || (row.kind !== 'interval' && row.kind !== 'none')) return;
  const zone = compileSchedule({ kind: 'cron', expressions: ['0 0 * * *'], zone: row.zone });
  if (!zone.ok) throw scheduleRefusal(zone.field, zone.problem);
}

/** Healthchecks' sentence first, then ours that says what to write instead. */
export function scheduleRefusal(field: 'timeout' | 'schedule' | 'tz', problem: string): HttpError {
  const said = {
    timeout: 'timeout is not valid',
    schedule: 'schedule is not a valid cron or OnCalendar expression',
    tz: 'tz is not a valid timezone',
  };
  return new HttpError(400, `json validation error: ${said[field]}: ${problem}`);
}

/** The oldest check that has every named field as requested; a field that is not in the request matches nothing. */
export function uniqueMatch(rows: readonly CheckRow[], change: CheckRequest): CheckRow | null {
  const fields: readonly UniqueField[] = change.unique ?? [];
  if (fields.length === 0) return null;
  const valueOf = (row: CheckRow) => ({
    name: row.name,
    slug: row.slug,
    tags: row.tags,
    timeout: row.timeoutSeconds,
    grace: row.graceSeconds,
  });
  return (
    rows.find((row) =>
      fields.every((field) => change[field] !== undefined && change[field] === valueOf(row)[field]),
    ) ?? null
  );
}
