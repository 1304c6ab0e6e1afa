import { assert } from '../assert.ts';
import { compileSchedule, type CompiledSchedule, type Schedule } from '../schedule/schedule.ts';
import type { CheckRules } from './definition.ts';
import type { RuleSwitches } from './rule-switches.ts';

/** Rules that were found good, and their schedule ready to be asked. */
export interface CompiledRules {
  readonly rules: CheckRules;
  readonly schedule: CompiledSchedule;
}

interface Entry {
  readonly key: string;
  readonly compiled: CompiledRules;
  users: number;
}

/** What a snapshot keeps of the table: the rules by number and how many checks use them; null where a number is free. */
export type StoredRules = readonly ({ readonly rules: CheckRules; readonly users: number } | null)[];

/**
 * One copy of each set of rules, however many checks have it: a million checks share a few thousand. Numbers are given
 * out again, the newest free one first, so that the same log always leads to the same numbers.
 */
export class RulesTable {
  #entries: (Entry | null)[] = [];
  #free: number[] = [];
  readonly #numbers = new Map<string, number>();
  #zones: string;

  constructor(
    zones: string,
    private readonly switches: RuleSwitches,
  ) {
    this.#zones = zones;
  }

  /** The number of these rules, used by one check more; null when the schedule cannot be watched. */
  take(rules: CheckRules): number | null {
    const key = keyOf(rules);
    const known = this.#numbers.get(key);
    if (known !== undefined) {
      this.#entry(known).users += 1;
      return known;
    }
    const schedule = this.#compile(rules.schedule);
    if (schedule === null) return null;
    const no = this.#free.pop() ?? this.#entries.length;
    this.#entries[no] = { key, compiled: { rules: this.#plain(rules), schedule }, users: 1 };
    this.#numbers.set(key, no);
    return no;
  }

  /** One check less uses these rules. */
  drop(no: number): void {
    const entry = this.#entry(no);
    entry.users -= 1;
    if (entry.users > 0) return;
    this.#numbers.delete(entry.key);
    this.#entries[no] = null;
    this.#free.push(no);
  }

  at(no: number): CompiledRules {
    return this.#entry(no).compiled;
  }

  /** The longest grace that any check has. */
  longestGraceMs(): number {
    return this.#entries.reduce((longest, entry) => Math.max(longest, entry?.compiled.rules.graceMs ?? 0), 0);
  }

  /** From here on schedules are computed with another version of the zone tables. */
  useZones(version: string): void {
    this.#zones = version;
    this.#entries = this.#entries.map((entry) => {
      const schedule = entry && this.#compile(entry.compiled.rules.schedule);
      // A schedule that the new tables do not know any more goes on by the old ones: no alarm stops without a word.
      return entry && schedule ? { ...entry, compiled: { ...entry.compiled, schedule } } : entry;
    });
  }

  stored(): { rules: StoredRules; free: readonly number[] } {
    const rules = this.#entries.map((entry) => entry && { rules: entry.compiled.rules, users: entry.users });
    return { rules, free: this.#free };
  }

  restore({ rules, free }: { rules: StoredRules; free: readonly number[] }): void {
    this.#entries = rules.map((stored, no) => {
      if (stored === null) return null;
      const schedule = this.#compile(stored.rules.schedule);
      assert(schedule !== null, `rules ${no} of a snapshot have a schedule that cannot be watched`);
      const key = keyOf(stored.rules);
      this.#numbers.set(key, no);
      return { key, compiled: { rules: stored.rules, schedule }, users: stored.users };
    });
    this.#free = [...free];
  }

  #entry(no: number): Entry {
    const entry = this.#entries[no];
    assert(entry, 'rules are in the table as long as their number is used');
    return entry;
  }

  #compile(schedule: Schedule): CompiledSchedule | null {
    const result = compileSchedule(schedule, this.#zones);
    if (!result.ok) return null;
    const { compiled } = result;
    if (this.switches.gapCatchUp || compiled.kind !== 'cron') return compiled;
    const expressions = compiled.expressions.map(({ fields, zone }) => {
      const atClockChange = fields.atClockChange === 'catchUp' ? 'skip' : fields.atClockChange;
      return { zone, fields: { ...fields, atClockChange } as const };
    });
    return { ...compiled, expressions };
  }

  #plain(rules: CheckRules): CheckRules {
    return JSON.parse(keyOf(rules));
  }
}

/** Everything that is judged by, in one order, and nothing of a definition beside it. */
function keyOf(rules: CheckRules): string {
  const key: { readonly [name in keyof CheckRules]: CheckRules[name] } = {
    schedule: rules.schedule,
    graceMs: rules.graceMs,
    maxRuntimeMs: rules.maxRuntimeMs,
    progressIntervalMs: rules.progressIntervalMs,
    earlyToleranceMs: rules.earlyToleranceMs,
    watchedRuns: rules.watchedRuns,
    missedThreshold: rules.missedThreshold,
    failedThreshold: rules.failedThreshold,
    recoveryThreshold: rules.recoveryThreshold,
    methods: rules.methods,
    manualResume: rules.manualResume,
    bodyKeywords: rules.bodyKeywords,
    assertions: rules.assertions,
    holdOnMassSilence: rules.holdOnMassSilence,
  };
  return JSON.stringify(key);
}
