import { TRANSITION_REASONS, type TransitionReason } from '../event/transition.ts';
import type { CompiledSchedule } from '../schedule/schedule.ts';
import { writeCheckId } from './check-id.ts';
import { NO_MEMORY, type CheckMemory, type OpenRun } from './check-memory.ts';
import * as field from './check-row-layout.ts';
import type { CheckStore } from './check-store.ts';
import type { CheckRules } from './definition.ts';
import type { CompiledRules } from './rules-table.ts';
import { HISTOGRAM_BUCKETS, type Durations } from './duration-histogram.ts';
import { CHECK_STATUSES, type CheckStatus } from './status.ts';

/** No instant is before the epoch; unlike NaN this has one form in bytes, and so equal states have equal bytes. */
const NO_INSTANT = -1;
const NO_DURATION = 0xffff_ffff;
const U16_MAX = 0xffff;

const LATE_TOLD = 1;
const EARLY_TOLD = 2;
const REMEMBERED = 4;

/** What the fold remembers of one check: a view of its row, made for a moment, and gone when the check is removed. */
export class CheckRow implements Durations {
  readonly #page: DataView;
  readonly #offset: number;
  #rules: CompiledRules | null = null;

  constructor(
    readonly store: CheckStore,
    readonly no: number,
  ) {
    this.#page = store.rows.pageOf(no);
    this.#offset = store.rows.offsetOf(no);
  }

  get checkId(): string {
    return writeCheckId(this.#page, this.#offset);
  }

  get projectId(): string {
    return this.store.projects.at(this.projectNo);
  }

  get projectNo(): number {
    return this.#u32(field.PROJECT);
  }

  set projectNo(no: number) {
    this.#setU32(field.PROJECT, no);
  }

  get rulesNo(): number {
    return this.#u32(field.RULES);
  }

  set rulesNo(no: number) {
    this.#setU32(field.RULES, no);
    this.#rules = null;
  }

  get rules(): CheckRules {
    return this.#compiled().rules;
  }

  get schedule(): CompiledSchedule {
    return this.#compiled().schedule;
  }

  get configVersion(): number {
    return this.#u32(field.CONFIG_VERSION);
  }

  set configVersion(version: number) {
    this.#setU32(field.CONFIG_VERSION, version);
  }

  get status(): CheckStatus {
    return CHECK_STATUSES[this.#page.getUint8(this.#offset + field.STATUS)] ?? 'new';
  }

  set status(status: CheckStatus) {
    this.#page.setUint8(this.#offset + field.STATUS, CHECK_STATUSES.indexOf(status));
  }

  get seq(): number {
    return this.#u32(field.SEQ);
  }

  set seq(seq: number) {
    this.#setU32(field.SEQ, seq);
  }

  /** Number of the newest ping of any kind, from 1. */
  get pingCount(): number {
    return this.#u32(field.PING_COUNT);
  }

  set pingCount(count: number) {
    this.#setU32(field.PING_COUNT, count);
  }

  /** The newest success or failure: what the next expectation is counted from. */
  get lastReportAt(): number | null {
    return this.#instant(field.LAST_REPORT_AT);
  }

  set lastReportAt(at: number | null) {
    this.#setInstant(field.LAST_REPORT_AT, at);
  }

  /** The same, by the name that readers know. */
  get lastPingAt(): number | null {
    return this.lastReportAt;
  }

  get lastPingOffset(): number | null {
    return this.#instant(field.LAST_PING_OFFSET);
  }

  set lastPingOffset(offset: number | null) {
    this.#setInstant(field.LAST_PING_OFFSET, offset);
  }

  /** When the next success is expected; null while nothing is (new, paused, schedule exhausted). */
  get expectedAt(): number | null {
    return this.#instant(field.EXPECTED_AT);
  }

  set expectedAt(at: number | null) {
    this.#setInstant(field.EXPECTED_AT, at);
  }

  /** When it is missed: the expected time, the grace, and what holes added. */
  get deadlineAt(): number | null {
    return this.#instant(field.DEADLINE_AT);
  }

  set deadlineAt(at: number | null) {
    this.#setInstant(field.DEADLINE_AT, at);
  }

  get missedInARow(): number {
    return this.#u32(field.MISSED_IN_A_ROW);
  }

  set missedInARow(count: number) {
    this.#setU32(field.MISSED_IN_A_ROW, count);
  }

  get failedInARow(): number {
    return this.#u32(field.FAILED_IN_A_ROW);
  }

  set failedInARow(count: number) {
    this.#setU32(field.FAILED_IN_A_ROW, count);
  }

  /** Up to 65,535, which is more than any recovery threshold. */
  get successesInARow(): number {
    return this.#page.getUint16(this.#offset + field.SUCCESSES_IN_A_ROW);
  }

  set successesInARow(count: number) {
    this.#page.setUint16(this.#offset + field.SUCCESSES_IN_A_ROW, Math.min(count, U16_MAX));
  }

  get downSinceAt(): number | null {
    return this.#instant(field.DOWN_SINCE_AT);
  }

  set downSinceAt(at: number | null) {
    this.#setInstant(field.DOWN_SINCE_AT, at);
  }

  /** No verdict on this check lies before this one: a late ping must not reorder its history. */
  get lastVerdictAt(): number {
    return this.#page.getFloat64(this.#offset + field.LAST_VERDICT_AT);
  }

  set lastVerdictAt(at: number) {
    this.#page.setFloat64(this.#offset + field.LAST_VERDICT_AT, at);
  }

  get lastReason(): TransitionReason | null {
    return TRANSITION_REASONS[this.#page.getUint8(this.#offset + field.REASON) - 1] ?? null;
  }

  set lastReason(reason: TransitionReason | null) {
    this.#page.setUint8(
      this.#offset + field.REASON,
      reason === null ? 0 : TRANSITION_REASONS.indexOf(reason) + 1,
    );
  }

  /** Of the run that the newest report ended; at most 49 days. */
  get lastDurationMs(): number | null {
    const duration = this.#u32(field.LAST_DURATION);
    return duration === NO_DURATION ? null : duration;
  }

  set lastDurationMs(duration: number | null) {
    this.#setU32(field.LAST_DURATION, duration === null ? NO_DURATION : Math.min(duration, NO_DURATION - 1));
  }

  /** The standing expectation was already called late. */
  get isLateTold(): boolean {
    return this.#hasFlag(LATE_TOLD);
  }

  set isLateTold(told: boolean) {
    this.#setFlag(LATE_TOLD, told);
  }

  /** For the standing expectation it was already told that a success came too early. */
  get isEarlyTold(): boolean {
    return this.#hasFlag(EARLY_TOLD);
  }

  set isEarlyTold(told: boolean) {
    this.#setFlag(EARLY_TOLD, told);
  }

  /** What is remembered beyond the row; not to be changed. */
  get memory(): Readonly<CheckMemory> {
    // Most checks have none, and a bit is looked up quicker than a map.
    if (!this.#hasFlag(REMEMBERED)) return NO_MEMORY;
    return this.store.memories.get(this.no) ?? NO_MEMORY;
  }

  /** The same, to be changed; call `forget` after it may have become empty. */
  remember(): CheckMemory {
    this.#setFlag(REMEMBERED, true);
    return this.store.remember(this.no);
  }

  /** Lets go of what is remembered if nothing is left in it, or, with `all`, whatever it is. */
  forget(all = false): void {
    if (!this.#hasFlag(REMEMBERED)) return;
    if (this.store.forget(this.no, all)) this.#setFlag(REMEMBERED, false);
  }

  get runs(): readonly OpenRun[] {
    return this.memory.runs;
  }

  get lastStartAt(): number | null {
    return this.memory.lastStart?.at ?? null;
  }

  /** The histogram of the runs' durations, in place. */
  get buckets(): Uint8Array {
    return new Uint8Array(this.#page.buffer, this.#offset + field.HISTOGRAM, HISTOGRAM_BUCKETS);
  }

  get origin(): number {
    return this.#page.getUint8(this.#offset + field.DURATION_ORIGIN);
  }

  set origin(bucket: number) {
    this.#page.setUint8(this.#offset + field.DURATION_ORIGIN, bucket);
  }

  get centre(): number {
    return this.#page.getUint8(this.#offset + field.DURATION_CENTRE);
  }

  set centre(place: number) {
    this.#page.setUint8(this.#offset + field.DURATION_CENTRE, place);
  }

  #compiled(): CompiledRules {
    this.#rules ??= this.store.rules.at(this.rulesNo);
    return this.#rules;
  }

  #instant(field: number): number | null {
    const at = this.#page.getFloat64(this.#offset + field);
    return at === NO_INSTANT ? null : at;
  }

  #setInstant(field: number, at: number | null): void {
    this.#page.setFloat64(this.#offset + field, at ?? NO_INSTANT);
  }

  #u32(field: number): number {
    return this.#page.getUint32(this.#offset + field);
  }

  #setU32(field: number, value: number): void {
    this.#page.setUint32(this.#offset + field, value);
  }

  #hasFlag(flag: number): boolean {
    return (this.#page.getUint8(this.#offset + field.FLAGS) & flag) !== 0;
  }

  #setFlag(flag: number, on: boolean): void {
    const flags = this.#page.getUint8(this.#offset + field.FLAGS);
    this.#page.setUint8(this.#offset + field.FLAGS, on ? flags | flag : flags & ~flag);
  }
}
