import type { Engine } from '../engine.ts';

/** Stamps run towards the machine's clock by at most this share of the time that goes by. */
const SLEW = 0.05;

/** One machine's idea of the time: off by a constant, by a drift, by a step. */
export class ProcessClock {
  #offsetMs = 0;
  #driftPerMs = 0;
  #drivesSinceAt = 0;
  #anchorAt = 0;
  #stampOffsetMs = 0;
  #lastStamp = 0;

  constructor(private readonly engine: Engine) {}

  skew(offsetMs: number, driftPerMs: number): void {
    this.#offsetMs = offsetMs;
    this.#driftPerMs = driftPerMs;
    this.#drivesSinceAt = this.engine.nowAt;
  }

  /** Somebody set this machine's clock. */
  step(byMs: number): void {
    this.#offsetMs = this.#clamped(this.#wallOffsetMs() + byMs);
    this.#drivesSinceAt = this.engine.nowAt;
  }

  /** What the machine says; may go back. */
  wall(): number {
    return Math.round(this.engine.nowAt + this.#wallOffsetMs());
  }

  /** A process that starts takes its stamps from the machine once, and then never goes back. */
  anchor(): void {
    this.#stampOffsetMs = this.#wallOffsetMs();
    this.#anchorAt = this.engine.nowAt;
    this.#lastStamp = 0;
  }

  stamp(): number {
    const { nowAt } = this.engine;
    const most = (nowAt - this.#anchorAt) * SLEW;
    const behind = this.#wallOffsetMs() - this.#stampOffsetMs;
    this.#stampOffsetMs += Math.max(-most, Math.min(most, behind));
    this.#anchorAt = nowAt;
    this.#lastStamp = Math.max(this.#lastStamp, Math.round(nowAt + this.#stampOffsetMs));
    return this.#lastStamp;
  }

  #wallOffsetMs(): number {
    return this.#clamped(this.#offsetMs + (this.engine.nowAt - this.#drivesSinceAt) * this.#driftPerMs);
  }

  /** A machine that is further off is refused by the product when it joins. */
  #clamped(offsetMs: number): number {
    return Math.max(-2_000, Math.min(2_000, offsetMs));
  }
}
