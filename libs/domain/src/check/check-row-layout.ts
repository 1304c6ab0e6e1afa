import { HISTOGRAM_BUCKETS } from './duration-histogram.ts';

// Where each fact stands in a check's row. The id comes first, because the index reads it there; nothing is aligned,
// because every byte counts a million times.
export const EXPECTED_AT = 16;
export const DEADLINE_AT = 24;
export const LAST_REPORT_AT = 32;
export const LAST_PING_OFFSET = 40;
export const DOWN_SINCE_AT = 48;
export const LAST_VERDICT_AT = 56;
export const RULES = 64;
export const PROJECT = 68;
export const CONFIG_VERSION = 72;
export const SEQ = 76;
export const PING_COUNT = 80;
export const MISSED_IN_A_ROW = 84;
export const FAILED_IN_A_ROW = 88;
export const SUCCESSES_IN_A_ROW = 92;
export const STATUS = 94;
export const FLAGS = 95;
export const REASON = 96;
export const DURATION_ORIGIN = 97;
export const DURATION_CENTRE = 98;
export const LAST_DURATION = 99;
export const HISTOGRAM = 103;
export const CHECK_ROW_BYTES = HISTOGRAM + HISTOGRAM_BUCKETS;
