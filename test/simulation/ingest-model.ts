import type { Beat } from '../../libs/domain/src/event/event.ts';
import type { Truth } from './truth.ts';

/** After so long without an append an ingest joins anew, as the product's does. */
const SILENCE_MS = 5_000;

interface Queued {
  readonly check: number;
  readonly stampAt: number;
  readonly answered: (stampAt: number) => void;
  readonly broken: (brokenAt: number, wasMember: boolean) => void;
}

/**
 * One ingest as the protocol describes it, written again without the product's code: stamps at once, appends in order,
 * ends every append with a watermark, and joins anew when it may have been judged dead.
 */
export class IngestModel {
  alive = false;
  #queue: Queued[] = [];
  #epoch = 0;
  #pseq = 0;
  #appendedAt = 0;
  #watermarkAt = 0;
  /** Until then its way to the log is blocked; it goes on taking pings. */
  blockedUntilAt = 0;

  constructor(
    readonly name: string,
    private readonly truth: Truth,
  ) {}

  start(nowAt: number): void {
    this.alive = true;
    this.#queue = [];
    this.#join(nowAt);
    this.#say(nowAt, this.#watermark(nowAt));
  }

  /** Everything that was not appended is gone, and its clients see their connections break. */
  crash(nowAt: number): void {
    this.alive = false;
    const wasMember = this.truth.isMember(this.name);
    for (const { broken } of this.#queue.splice(0)) broken(nowAt, wasMember);
    this.truth.silent(this.name, this.#watermarkAt);
  }

  leave(nowAt: number): void {
    this.flush(nowAt);
    this.alive = false;
    this.truth.silent(this.name, nowAt);
    this.#say(nowAt, { v: 1, type: 'ingest.left', ...this.#numbers(), at: nowAt });
  }

  take(queued: Queued): void {
    this.#queue.push(queued);
  }

  /** Appends what waits. `twice`: the answer got lost, and the same bytes are appended again. */
  flush(nowAt: number, twice = false): void {
    if (!this.alive || nowAt < this.blockedUntilAt) return;
    const silent = nowAt - this.#appendedAt >= SILENCE_MS;
    const beats: Beat[] = this.#queue.map(({ check, stampAt }) => this.#ping(check, stampAt));
    beats.push(this.#watermark(nowAt));
    for (const queued of this.#queue.splice(0)) {
      this.truth.appended(this.name, this.#epoch, queued);
      queued.answered(queued.stampAt);
    }
    for (const beat of twice ? [...beats, ...beats] : beats) this.#say(nowAt, beat);
    if (!silent) return;
    this.#join(nowAt);
    this.#say(nowAt, this.#watermark(nowAt));
  }

  #join(nowAt: number): void {
    this.#epoch += 1;
    this.#pseq = 0;
    this.truth.heardAgain(this.name, nowAt);
    this.#say(nowAt, { v: 1, type: 'ingest.joined', ...this.#numbers(), at: nowAt });
  }

  #ping(check: number, stampAt: number): Beat {
    this.#pseq += 1;
    return {
      v: 1,
      type: 'ping.received',
      ...this.#numbers(),
      checkId: this.truth.idOf(check),
      receivedAt: stampAt,
      kind: 'success',
      exitStatus: null,
      rid: null,
      dialect: 'healthchecks',
      method: 'GET',
      scheme: 'http',
      remoteAddr: null,
      userAgent: '',
      body: null,
      bodyTruncated: false,
    };
  }

  #watermark(at: number): Beat {
    this.#watermarkAt = at;
    return { v: 1, type: 'watermark', ...this.#numbers(), at };
  }

  #say(nowAt: number, beat: Beat): void {
    this.#appendedAt = nowAt;
    this.truth.append(nowAt, beat);
  }

  #numbers(): { producer: string; epoch: number; pseq: number } {
    return { producer: this.name, epoch: this.#epoch, pseq: this.#pseq };
  }
}
