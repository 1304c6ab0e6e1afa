import type { Schedule } from '../schedule/schedule.ts';

/** Everything that the fold and ingest must know of a check; one version replaces the whole of the one before. */
export interface CheckDefinition {
  readonly checkId: string;
  readonly projectId: string;
  /** The project's 32 hex digits in slug URLs. */
  readonly pingKey: string;
  readonly configVersion: number;
  readonly name: string;
  readonly slug: string;
  readonly tags: readonly string[];
  readonly schedule: Schedule;
  readonly graceMs: number;
  /** How long a run may stay open; null means as long as the grace (Healthchecks' rule). */
  readonly maxRuntimeMs: number | null;
  /** Misses in a row that take the check down. */
  readonly missedThreshold: number;
  /** Failures in a row that take the check down. */
  readonly failedThreshold: number;
  /** Successes in a row that bring it back up. */
  readonly recoveryThreshold: number;
  /** `post`: any other method is answered but ignored. */
  readonly methods: 'any' | 'post';
  /** True: pings to a paused check are ignored until somebody resumes it. */
  readonly manualResume: boolean;
}
