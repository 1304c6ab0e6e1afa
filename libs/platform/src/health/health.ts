/** Answers null when its part can do its work, or a sentence that says why not. */
export type Probe = () => string | null;

/** Collects the reasons why a process is not ready; empty means ready. */
export class Health {
  readonly #probes = new Map<string, Probe>();

  add(name: string, probe: Probe): void {
    this.#probes.set(name, probe);
  }

  /** What is wrong, by part. */
  reasons(): Record<string, string> {
    const reasons: Record<string, string> = {};
    for (const [name, probe] of this.#probes) {
      const reason = probe();
      if (reason !== null) reasons[name] = reason;
    }
    return reasons;
  }
}
