import type { Assertion, CheckRules, Schedule } from '#domain';
import { EntitySchema } from 'typeorm';

export type CheckKind = Schedule['kind'];

/** The configuration of a check as its owner gave it; what it is judged to be is in `check_status`. */
export interface CheckRow {
  id: string;
  projectId: string;
  name: string;
  slug: string;
  tags: string;
  description: string;
  kind: CheckKind;
  timeoutSeconds: number;
  graceSeconds: number;
  schedule: string;
  zone: string;
  maxRuntimeSeconds: number | null;
  progressIntervalSeconds: number | null;
  /** Null: a quarter of the gap between slots, at most 5 minutes. */
  earlyToleranceSeconds: number | null;
  watchedRuns: CheckRules['watchedRuns'];
  missedThreshold: number;
  failedThreshold: number;
  recoveryThreshold: number;
  methods: '' | 'POST';
  manualResume: boolean;
  holdOnMassSilence: boolean;
  assertions: readonly Assertion[];
  /** Keywords as they were given: with commas between. */
  startKeywords: string;
  successKeywords: string;
  failureKeywords: string;
  filterSubject: boolean;
  filterBody: boolean;
  filterHttpBody: boolean;
  filterDefaultFail: boolean;
  configVersion: number;
  createdAt: number;
}

export const CheckEntity = new EntitySchema<CheckRow>({
  name: 'check',
  columns: {
    id: { type: 'uuid', primary: true },
    projectId: { type: 'uuid', name: 'project_id' },
    name: { type: 'text' },
    slug: { type: 'text' },
    tags: { type: 'text' },
    description: { type: 'text' },
    kind: { type: 'text' },
    timeoutSeconds: { type: 'int', name: 'timeout_seconds' },
    graceSeconds: { type: 'int', name: 'grace_seconds' },
    schedule: { type: 'text' },
    zone: { type: 'text' },
    maxRuntimeSeconds: { type: 'int', name: 'max_runtime_seconds', nullable: true },
    progressIntervalSeconds: { type: 'int', name: 'progress_interval_seconds', nullable: true },
    earlyToleranceSeconds: { type: 'int', name: 'early_tolerance_seconds', nullable: true },
    watchedRuns: { type: 'text', name: 'watched_runs' },
    missedThreshold: { type: 'int', name: 'missed_threshold' },
    failedThreshold: { type: 'int', name: 'failed_threshold' },
    recoveryThreshold: { type: 'int', name: 'recovery_threshold' },
    methods: { type: 'text' },
    manualResume: { type: 'boolean', name: 'manual_resume' },
    holdOnMassSilence: { type: 'boolean', name: 'hold_on_mass_silence' },
    assertions: { type: 'json' },
    startKeywords: { type: 'text', name: 'start_keywords' },
    successKeywords: { type: 'text', name: 'success_keywords' },
    failureKeywords: { type: 'text', name: 'failure_keywords' },
    filterSubject: { type: 'boolean', name: 'filter_subject' },
    filterBody: { type: 'boolean', name: 'filter_body' },
    filterHttpBody: { type: 'boolean', name: 'filter_http_body' },
    filterDefaultFail: { type: 'boolean', name: 'filter_default_fail' },
    configVersion: { type: 'int', name: 'config_version' },
    createdAt: { type: 'bigint', name: 'created_at' },
  },
});
