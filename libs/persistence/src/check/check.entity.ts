import { EntitySchema } from 'typeorm';

export type CheckKind = 'interval' | 'cron';

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
  missedThreshold: number;
  failedThreshold: number;
  recoveryThreshold: number;
  methods: '' | 'POST';
  manualResume: boolean;
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
    missedThreshold: { type: 'int', name: 'missed_threshold' },
    failedThreshold: { type: 'int', name: 'failed_threshold' },
    recoveryThreshold: { type: 'int', name: 'recovery_threshold' },
    methods: { type: 'text' },
    manualResume: { type: 'boolean', name: 'manual_resume' },
    configVersion: { type: 'int', name: 'config_version' },
    createdAt: { type: 'bigint', name: 'created_at' },
  },
});
