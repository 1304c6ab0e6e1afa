/** What a check is judged to be. *Late* and *running* are derived when reading and never stored. */
export const CHECK_STATUSES = ['new', 'up', 'down', 'unknown', 'paused'] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];
