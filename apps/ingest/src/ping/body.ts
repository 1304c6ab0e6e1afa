import type { Readable } from 'node:stream';
import type { PingBody } from '#domain';

/** What is kept of a body: all of it, or its head and tail with a mark between. */
export interface KeptBody {
  readonly bytes: Buffer;
  readonly truncated: boolean;
}

/** Reads a body of any length in constant memory: the first half of the limit, and a sliding last half. */
export class BodyKeeper {
  readonly #headMax: number;
  readonly #tailMax: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #dropped = 0;

  constructor(limit: number) {
    this.#headMax = Math.ceil(limit / 2);
    this.#tailMax = limit - this.#headMax;
  }

  take(chunk: Buffer): void {
    const room = this.#headMax - this.#headBytes;
    const head = chunk.subarray(0, Math.max(0, room));
    if (head.length > 0) {
      this.#head.push(Buffer.from(head));
      this.#headBytes += head.length;
    }
    const rest = chunk.subarray(head.length);
    if (rest.length === 0) return;
    this.#tail.push(Buffer.from(rest));
    this.#tailBytes += rest.length;
    this.#trim();
  }

  finish(): KeptBody {
    const tail = Buffer.concat(this.#tail);
    const kept = tail.subarray(Math.max(0, tail.length - this.#tailMax));
    const dropped = this.#dropped + tail.length - kept.length;
    if (dropped === 0) return { bytes: Buffer.concat([...this.#head, kept]), truncated: false };
    const mark = Buffer.from(`\n[... ${dropped} bytes left out ...]\n`);
    return { bytes: Buffer.concat([...this.#head, mark, kept]), truncated: true };
  }

  /** Lets go of whole chunks that can no longer be part of the tail. */
  #trim(): void {
    let first = this.#tail[0];
    while (first !== undefined && this.#tailBytes - first.length >= this.#tailMax) {
      this.#tail.shift();
      this.#tailBytes -= first.length;
      this.#dropped += first.length;
      first = this.#tail[0];
    }
    // Many tiny chunks cost more than their bytes: now and then they become one.
    if (this.#tail.length > 1_024) this.#tail = [Buffer.concat(this.#tail)];
  }
}

/** Reads a request's body to its end. Rejects when the client goes away in the middle. */
export async function readBody(stream: Readable, limit: number): Promise<KeptBody> {
  const keeper = new BodyKeeper(limit);
  for await (const chunk of stream) keeper.take(chunk);
  return keeper.finish();
}

/** The body as it travels in the log: text where the bytes are UTF-8, else base64, null when there was none. */
export function bodyOf({ bytes }: KeptBody): PingBody | null {
  if (bytes.length === 0) return null;
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? { text } : { base64: bytes.toString('base64') };
}
