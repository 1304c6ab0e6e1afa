import type { Schedule } from '../schedule/schedule.ts';
import type { Assertion } from './assertion.ts';

/** Words in a ping's body that say what it means, as in Healthchecks: they go before what the URL says. */
export interface KeywordFilter {
  readonly start: readonly string[];
  readonly success: readonly string[];
  readonly failure: readonly string[];
  /** What a ping is in which none of the words occurs. */
  readonly otherwise: 'ignored' | 'fail';
}

/** Everything that the fold judges a check by. Checks with the same rules share one copy in its state. */
export interface CheckRules {
  readonly schedule: Schedule;
  readonly graceMs: number;
  /** How long a run may stay open; null means as long as the grace (Healthchecks' rule). */
  readonly maxRuntimeMs: number | null;
  /** An open run that was silent for two of these is hung; null: progress pings are not asked for. */
  readonly progressIntervalMs: number | null;
  /** How long before its slot a success counts for it; null: a quarter of the gap between slots, at most 5 minutes. */
  readonly earlyToleranceMs: number | null;
  /** `newest`: a start takes the place of every open run, and a failure ends them all, as in Healthchecks. */
  readonly watchedRuns: 'all' | 'newest';
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
  /** Null: bodies are not looked into. */
  readonly bodyKeywords: KeywordFilter | null;
  readonly assertions: readonly Assertion[];
  /** False: this check's misses are told at once, also when most of its partition fell silent with it. */
  readonly holdOnMassSilence: boolean;
}

/** Everything that the fold and ingest must know of a check; one version replaces the whole of the one before. */
export interface CheckDefinition extends CheckRules {
  readonly checkId: string;
  readonly projectId: string;
  /** The project's 32 hex digits in slug URLs. */
  readonly pingKey: string;
  readonly configVersion: number;
  readonly name: string;
  readonly slug: string;
  readonly tags: readonly string[];
}

/** What a check is judged by when nothing else is said: Healthchecks' rules. */
export const HEALTHCHECKS_RULES = {
  maxRuntimeMs: null,
  progressIntervalMs: null,
  earlyToleranceMs: 0,
  watchedRuns: 'newest',
  missedThreshold: 1,
  failedThreshold: 1,
  recoveryThreshold: 1,
  methods: 'any',
  manualResume: false,
  bodyKeywords: null,
  assertions: [],
  holdOnMassSilence: true,
} as const satisfies Omit<CheckRules, 'schedule' | 'graceMs'>;
