// Tells each request which address its connection was dialled at. The client does not say, and with several
// connections to one host the latest lookup is not necessarily the answer.
import { Agent, Client, Pool, type buildConnector, type Dispatcher } from 'undici';

/** Handed to the client with a request as `opaque`; knows the address once the request has a connection. */
export class DialledAddress {
  #connection: { address?: string | undefined } = {};

  /** The address of the connection that carries the request. */
  get address(): string | undefined {
    return this.#connection.address;
  }

  /** Ties the request to the connection it was handed to. */
  rideOn(connection: { address?: string | undefined }): void {
    this.#connection = connection;
  }
}

/** An agent whose connections, one request at a time each, report their address to `DialledAddress`. */
export function addressTellingAgent(options: Client.Options, connect: buildConnector.connector): Agent {
  return new Agent({
    factory: (origin) =>
      new Pool(origin, { factory: (target) => addressTellingClient(target, options, connect) }),
  });
}

function addressTellingClient(
  origin: URL,
  options: Client.Options,
  connect: buildConnector.connector,
): Dispatcher {
  const connection: { address?: string | undefined } = {};
  const client = new Client(origin, {
    ...options,
    connect: (target, callback) =>
      connect(target, (...result) => {
        connection.address = result[1]?.remoteAddress;
        callback(...result);
      }),
  });
  const dispatch = client.dispatch.bind(client);
  client.dispatch = (request, handler) => {
    if ('opaque' in request && request.opaque instanceof DialledAddress) request.opaque.rideOn(connection);
    return dispatch(request, handler);
  };
  return client;
}
