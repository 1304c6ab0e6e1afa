import type { CheckDefinition, KeywordFilter, Schedule } from '#domain';
import type { CheckRow } from '#persistence';
import { scheduleFromText } from '../schedule/schedule-text.ts';

// From the row that its owner configured to what the log carries of a check, and the judge reads.

/** When the job of this row is expected. */
export function scheduleOf({ kind, timeoutSeconds, schedule, zone }: CheckRow): Schedule {
  if (kind === 'interval') return { kind, periodMs: timeoutSeconds * 1_000 };
  return kind === 'none' ? { kind } : scheduleFromText({ kind, text: schedule, zone });
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
    maxRuntimeMs: msOrNull(row.maxRuntimeSeconds),
    progressIntervalMs: msOrNull(row.progressIntervalSeconds),
    earlyToleranceMs: msOrNull(row.earlyToleranceSeconds),
    watchedRuns: row.watchedRuns,
    missedThreshold: row.missedThreshold,
    failedThreshold: row.failedThreshold,
    recoveryThreshold: row.recoveryThreshold,
    methods: row.methods === 'POST' ? 'post' : 'any',
    manualResume: row.manualResume,
    bodyKeywords: row.filterHttpBody ? keywordFilterOf(row) : null,
    assertions: row.assertions,
    holdOnMassSilence: row.holdOnMassSilence,
  };
}

export function tagsOf(tags: string): string[] {
  return tags.split(' ').filter((tag) => tag !== '');
}

function keywordFilterOf(row: CheckRow): KeywordFilter {
  return {
    start: keywordsOf(row.startKeywords),
    success: keywordsOf(row.successKeywords),
    failure: keywordsOf(row.failureKeywords),
    otherwise: row.filterDefaultFail ? 'fail' : 'ignored',
  };
}

/** An empty keyword would be found in every body. */
function keywordsOf(text: string): string[] {
  return text
    .split(',')
    .map((keyword) => keyword.trim())
    .filter((keyword) => keyword !== '');
}

function msOrNull(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1_000;
}
