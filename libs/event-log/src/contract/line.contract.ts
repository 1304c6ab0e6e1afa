import { Socket } from 'node:net';

/** The network of one log instance, which a test can cut for good as the death of a process does. */
export class Line {
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  /** A socket to be connected by its user; after the cut, one that never gets through. */
  socket(): Socket {
    if (this.#isCut) return new DeadSocket();
    const socket = new Socket();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy(new Error('The line is cut.'));
  }
}

class DeadSocket extends Socket {
  override connect(): this {
    process.nextTick(() => this.destroy(new Error('The line is cut.')));
    return this;
  }
}
