/**
 * Notices when most of a partition falls silent at once: then it is likelier that nobody could reach us than that so
 * many jobs stopped in the same minute. It only marks what is told (`hold`), it never keeps anything back.
 */
const WINDOW_SECONDS = 60;
const CHECKS_MIN = 20;
const PROJECTS_MIN = 3;

/** Misses and successes of the last minute of the log's time, by second. */
export interface MassSilence {
  /** The newest second that was counted. */
  second: number;
  /** A ring by second modulo 60. */
  readonly missed: number[];
  readonly onTime: number[];
  /** The projects that missed last, newest first, each with its second; three are enough to know that there are three. */
  projects: readonly { readonly projectNo: number; readonly second: number }[];
}

export function newMassSilence(): MassSilence {
  const zeros = () => Array.from({ length: WINDOW_SECONDS }, () => 0);
  return { second: 0, missed: zeros(), onTime: zeros(), projects: [] };
}

/** A check reported in time. */
export function noteOnTime(silence: MassSilence, at: number): void {
  const place = placeOf(silence, at);
  silence.onTime[place] = (silence.onTime[place] ?? 0) + 1;
}

/** Whether what was counted at an instant still is at a later one. */
export function isWithinWindow(countedAt: number, at: number): boolean {
  return Math.floor(countedAt / 1_000) > Math.floor(at / 1_000) - WINDOW_SECONDS;
}

/** A check was missed; `again`: it is counted already, for the window counts checks. */
export function noteMissed(
  silence: MassSilence,
  { at, projectNo, again }: { readonly at: number; readonly projectNo: number; readonly again: boolean },
): void {
  const place = placeOf(silence, at);
  if (!again) silence.missed[place] = (silence.missed[place] ?? 0) + 1;
  const others = silence.projects.filter((known) => known.projectNo !== projectNo);
  silence.projects = [{ projectNo, second: silence.second }, ...others].slice(0, PROJECTS_MIN);
}

/** Whether more than half of what was expected in the last minute is missing: at least 20 checks of 3 projects. */
export function isMassSilence({ missed, onTime, projects, second }: MassSilence): boolean {
  const missing = sumOf(missed);
  if (missing < CHECKS_MIN || missing <= sumOf(onTime)) return false;
  const recent = projects.filter((known) => known.second > second - WINDOW_SECONDS);
  return recent.length >= PROJECTS_MIN;
}

/** Moves the window on to an instant and answers its place in the ring; what is late counts for the newest second. */
function placeOf(silence: MassSilence, at: number): number {
  const second = Math.max(Math.floor(at / 1_000), silence.second);
  const passed = Math.min(second - silence.second, WINDOW_SECONDS);
  for (let step = 1; step <= passed; step += 1) {
    const place = (silence.second + step) % WINDOW_SECONDS;
    silence.missed[place] = 0;
    silence.onTime[place] = 0;
  }
  if (passed === WINDOW_SECONDS) {
    silence.missed.fill(0);
    silence.onTime.fill(0);
  }
  silence.second = second;
  return second % WINDOW_SECONDS;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
