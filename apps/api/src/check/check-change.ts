import { compileSchedule, type CheckDefinition, type Schedule } from '#domain';
import type { CheckRow, ProjectRow } from '#persistence';
import { HttpError } from '#platform';
import type { CheckRequest, UniqueField } from './check.schema.ts';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;

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
    missedThreshold: 1,
    failedThreshold: 1,
    recoveryThreshold: 1,
    methods: '',
    manualResume: false,
    configVersion: 0,
    createdAt,
  };
}

/** The row after a change. A schedule makes it a cron check, a timeout alone an interval check, as in Healthchecks. */
export function changedRow(row: CheckRow, change: CheckRequest): CheckRow {
  const kind = change.kind ?? kindOf(row, change);
  const changed: CheckRow = {
    ...row,
    kind,
    name: change.name ?? row.name,
    slug: change.slug ?? row.slug,
    tags: change.tags ?? row.tags,
    description: change.desc ?? row.description,
    // With a schedule the timeout is not stored.
    timeoutSeconds: kind === 'interval' ? (change.timeout ?? row.timeoutSeconds) : row.timeoutSeconds,
    graceSeconds: change.grace ?? row.graceSeconds,
    schedule: change.schedule ?? row.schedule,
    zone: change.tz ?? row.zone,
    maxRuntimeSeconds: change.max_runtime === undefined ? row.maxRuntimeSeconds : change.max_runtime,
    missedThreshold: change.missed_threshold ?? row.missedThreshold,
    failedThreshold: change.failed_threshold ?? row.failedThreshold,
    recoveryThreshold: change.recovery_threshold ?? row.recoveryThreshold,
    methods: change.methods ?? row.methods,
    manualResume: change.manual_resume ?? row.manualResume,
    configVersion: row.configVersion + 1,
  };
  refuseBadSchedule(changed, change);
  return changed;
}

function kindOf(row: CheckRow, change: CheckRequest): CheckRow['kind'] {
  if (change.schedule !== undefined) return 'cron';
  return change.timeout === undefined ? row.kind : 'interval';
}

function refuseBadSchedule(row: CheckRow, change: CheckRequest): void {
  const result = compileSchedule(scheduleOf(row));
  if (!result.ok) throw scheduleRefusal(result.field, result.problem);
  // A zone that is only stored, because the check has an interval, must be one all the same.
  if (change.tz === undefined || row.kind === 'cron') return;
  const zone = compileSchedule({ kind: 'cron', expression: '0 0 * * *', zone: row.zone });
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

export function scheduleOf(row: CheckRow): Schedule {
  return row.kind === 'interval'
    ? { kind: 'interval', periodMs: row.timeoutSeconds * 1_000 }
    : { kind: 'cron', expression: row.schedule, zone: row.zone };
}

/** What the log carries of a check. */
export function definitionOf(row: CheckRow, pingKey: string): CheckDefinition {
  return {
    checkId: row.id,
    projectId: row.projectId,
    pingKey,
    configVersion: row.configVersion,
    name: row.name,
    slug: row.slug,
    tags: tagsOf(row.tags),
    schedule: scheduleOf(row),
    graceMs: row.graceSeconds * 1_000,
    maxRuntimeMs: row.maxRuntimeSeconds === null ? null : row.maxRuntimeSeconds * 1_000,
    missedThreshold: row.missedThreshold,
    failedThreshold: row.failedThreshold,
    recoveryThreshold: row.recoveryThreshold,
    methods: row.methods === 'POST' ? 'post' : 'any',
    manualResume: row.manualResume,
  };
}

export function tagsOf(tags: string): string[] {
  return tags.split(' ').filter((tag) => tag !== '');
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
