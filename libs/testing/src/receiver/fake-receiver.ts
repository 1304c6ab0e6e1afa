import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedMessage {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly receivedAt: number;
}

/** What the receiver answers to the n-th request (from 1): a status, or nothing at all. */
export type Answering = (n: number) => number | 'hang';

/** A webhook receiver on this machine that keeps what it gets and lets a test wait for it. */
export class FakeReceiver {
  readonly messages: ReceivedMessage[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #server: http.Server;
  answering: Answering = () => 200;

  private constructor() {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.#take(request, response, Buffer.concat(chunks).toString('utf8')));
    });
  }

  static async start(port = 0): Promise<FakeReceiver> {
    const receiver = new FakeReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(port, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/hook`;
  }

  /** Resolves with all messages once `count` of them have come. */
  async waitFor(count: number): Promise<readonly ReceivedMessage[]> {
    return await this.waitForThose(() => true, count);
  }

  /** Resolves with the messages that fit, once there are `count` of them. */
  async waitForThose(
    fits: (message: ReceivedMessage) => boolean,
    count: number,
  ): Promise<readonly ReceivedMessage[]> {
    return await new Promise((resolve) => {
      const look = (): void => {
        const those = this.messages.filter(fits);
        if (those.length < count) return;
        this.#waiting.delete(look);
        resolve(those);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(request: http.IncomingMessage, response: http.ServerResponse, body: string): void {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    this.messages.push({ id: headers['webhook-id'] ?? '', headers, body, receivedAt: Date.now() });
    const answer = this.answering(this.messages.length);
    if (answer !== 'hang') response.writeHead(answer).end('ok');
    for (const look of this.#waiting) look();
  }
}
