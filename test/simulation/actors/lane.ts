import type { Beat } from '../../../libs/domain/src/event/event.ts';
import type { PingReceived } from '../../../libs/domain/src/event/ping.ts';
import { nameOf, type Truth } from '../truth.ts';
import type { Process } from '../engine.ts';
import type { Pace } from '../pace.ts';
import type { LogModel } from './log-model.ts';
import type { ProcessClock } from './process-clock.ts';

/** What a client says. */
export interface Signal {
  readonly checkId: string;
  readonly kind: PingReceived['kind'];
  readonly rid: string | null;
  readonly exitStatus: number | null;
}

/** A signal on its way, and whom to tell. */
export interface Request {
  readonly signal: Signal;
  readonly answered: (stampAt: number) => void;
  readonly broken: () => void;
}

/** The ingest as its lanes see it. */
export interface LaneOwner {
  readonly name: string;
  readonly process: Process;
  readonly clock: ProcessClock;
  readonly log: LogModel;
  readonly truth: Truth;
  readonly pace: Pace;
  readonly isBlocked: boolean;
  nextEpoch(): number;
  noticeStall(): void;
}

interface QueuedPing {
  readonly kind: 'ping';
  readonly stampAt: number;
  readonly request: Request;
}

interface QueuedJoin {
  readonly kind: 'join';
  readonly epoch: number;
  readonly at: number;
  readonly listenedUntilAt: number;
}

interface Append {
  readonly beats: readonly Beat[];
  readonly pings: readonly { readonly stampAt: number; readonly request: Request; readonly name: string }[];
  readonly joins: boolean;
}

/** How far stamps may run ahead of the clock when appends follow each other within a millisecond. */
const LEAD_MAX_MS = 250;

/**
 * One ingest's writer on one partition, as the protocol describes it and without the product's code: stamps at once,
 * one append in flight, every append ends with a watermark, and whoever may have been judged dead joins anew.
 */
export class Lane {
  #queue: (QueuedPing | QueuedJoin)[] = [];
  #epoch = 0;
  #pseq = 0;
  #watermarkAt = 0;
  #takenAt: number | null = null;
  #inFlight: Append | null = null;

  constructor(
    private readonly partition: number,
    private readonly ingest: LaneOwner,
  ) {}

  join(epoch: number, listenedUntilAt: number): void {
    this.#queue.push({ kind: 'join', epoch, at: this.#stamp(), listenedUntilAt });
    this.flush();
  }

  take(request: Request): void {
    this.#queue.push({ kind: 'ping', stampAt: this.#stamp(), request });
    this.flush();
  }

  /** Appends what waits and says what time it is, unless an append is in flight already. */
  flush(): void {
    if (this.#inFlight !== null) return;
    // To join anew flushes this very lane.
    this.ingest.noticeStall();
    if (this.#inFlight !== null) return;
    this.#inFlight = this.#nextAppend();
    this.#send(50);
  }

  /** The process died: everything that was not answered is broken for its client, whether the log has it or not. */
  die(): void {
    const waiting = [
      ...(this.#inFlight?.pings ?? []).map(({ request }) => request),
      ...this.#queue.flatMap((item) => (item.kind === 'ping' ? [item.request] : [])),
    ];
    this.#queue = [];
    this.#inFlight = null;
    for (const request of waiting) request.broken();
  }

  /** Says goodbye when nothing is owed any more; false while something is. */
  leave(): boolean {
    if (this.#inFlight !== null || this.#queue.length > 0) return false;
    this.#watermarkAt = this.#stamp();
    const beat: Beat = { v: 1, type: 'ingest.left', ...this.#numbers(), at: this.#watermarkAt };
    this.ingest.log.appendBeats(this.partition, [beat], () => undefined);
    return true;
  }

  #send(pauseMs: number): void {
    const append = this.#inFlight;
    if (append === null) return;
    const { ingest } = this;
    const retry = ingest.process.guarded((ok: boolean) => {
      if (ok) this.#done(append);
      else ingest.process.later(pauseMs, () => this.#send(Math.min(pauseMs * 2, ingest.pace.retryMs)));
    });
    if (ingest.isBlocked) ingest.process.later(pauseMs, () => retry(false));
    else ingest.log.appendBeats(this.partition, append.beats, retry);
  }

  #done(append: Append): void {
    this.#inFlight = null;
    for (const { stampAt, request, name } of append.pings) {
      this.ingest.truth.answered.push(name);
      request.answered(stampAt);
    }
    const now = this.ingest.clock.stamp();
    const silent = this.#takenAt !== null && now - this.#takenAt >= this.ingest.pace.silenceMs;
    this.#takenAt = now;
    if (silent && !append.joins) this.join(this.ingest.nextEpoch(), now);
    else if (this.#queue.length > 0) this.flush();
  }

  #stamp(): number {
    return Math.max(this.ingest.clock.stamp(), this.#watermarkAt);
  }

  #nextAppend(): Append {
    const beats: Beat[] = [];
    const pings: Append['pings'][number][] = [];
    let newest = 0;
    let joins = false;
    for (const item of this.#queue.splice(0)) {
      if (item.kind === 'join') {
        joins = true;
        beats.push(...this.#joinBeats(item));
        newest = Math.max(newest, item.at);
      } else {
        this.#pseq += 1;
        const beat = pingOf(item, this.#numbers());
        beats.push(beat);
        pings.push({ stampAt: item.stampAt, request: item.request, name: nameOf(beat) });
        newest = Math.max(newest, item.stampAt + 1);
      }
    }
    const now = this.ingest.clock.stamp();
    const at = Math.max(now, Math.min(newest, now + LEAD_MAX_MS));
    this.#watermarkAt = Math.max(this.#watermarkAt, at);
    beats.push({ v: 1, type: 'watermark', ...this.#numbers(), at: this.#watermarkAt });
    return { beats, pings, joins };
  }

  #joinBeats({ epoch, at, listenedUntilAt }: QueuedJoin): Beat[] {
    const until = Math.max(this.#watermarkAt, listenedUntilAt);
    const before: Beat[] =
      this.#epoch === 0 ? [] : [{ v: 1, type: 'watermark', ...this.#numbers(), at: until }];
    this.#epoch = epoch;
    this.#pseq = 0;
    return [...before, { v: 1, type: 'ingest.joined', ...this.#numbers(), at }];
  }

  #numbers(): { producer: string; epoch: number; pseq: number } {
    return { producer: this.ingest.name, epoch: this.#epoch, pseq: this.#pseq };
  }
}

function pingOf(
  { stampAt, request }: QueuedPing,
  numbers: { producer: string; epoch: number; pseq: number },
): PingReceived {
  return {
    v: 1,
    type: 'ping.received',
    ...numbers,
    ...request.signal,
    receivedAt: stampAt,
    dialect: 'healthchecks',
    method: 'GET',
    scheme: 'http',
    remoteAddr: null,
    userAgent: '',
    body: null,
    bodyTruncated: false,
    metrics: null,
  };
}
