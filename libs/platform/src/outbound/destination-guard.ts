// The two places where a destination is judged. A host written as an address never reaches the lookup hook of
// a socket, so the URL is judged first; a host name is judged inside the hook, where the addresses checked
// are the very ones that the socket dials, and no second answer of a hostile name server can come between.
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { classifyAddress, isListedAddress, type AddressRefusal } from './address-policy.ts';
import type { Cidr } from './cidr.ts';
import type { OutboundRefusalReason } from './outbound-outcome.ts';

/** One address a name resolves to. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Turns a host name into all of its addresses. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** Names that stand for this machine or its neighbourhood, whatever they resolve to. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal)$/;

/** The guard's no, on its way through the sockets up to the caller. */
export class DestinationRefused extends Error {
  override readonly name = 'DestinationRefused';

  constructor(
    readonly reason: OutboundRefusalReason,
    sentence: string,
    readonly found: { readonly address?: string; readonly addressReason?: AddressRefusal } = {},
  ) {
    super(sentence);
  }
}

/** Resolves like every other program of the machine does, /etc/hosts and search domains included. */
export const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true });

/** The URL when it may be requested as far as its text tells; throws `DestinationRefused` otherwise. */
export function permittedUrl(text: string, allowed: readonly Cidr[]): URL {
  if (!URL.canParse(text)) throw new DestinationRefused('bad_url', 'The address is not a URL.');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new DestinationRefused('bad_scheme', 'Only http and https can be requested.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new DestinationRefused('bad_url', 'The URL carries a user name or a password.');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) refuseUnlessAllowed(host, host, allowed);
  else if (isLocalName(host) && allowed.length === 0) throw localName(host);
  return url;
}

/** A lookup hook for sockets that answers only when every address of the name may be dialled. */
export function guardedLookup(resolve: Resolve, allowed: readonly Cidr[]): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname)
      .then((addresses) => permittedAddresses(hostname, addresses, allowed))
      .then(
        ([first, ...others]) => {
          if (options.all === true) callback(null, [first, ...others]);
          else callback(null, first.address, first.family);
        },
        (error: Error) => callback(error, ''),
      );
  };
}

/**
 * One bad address refuses the name: an honest name has no address in a private network beside a public one,
 * and choosing among them would let the name server choose.
 */
function permittedAddresses(
  hostname: string,
  addresses: readonly ResolvedAddress[],
  allowed: readonly Cidr[],
): [ResolvedAddress, ...ResolvedAddress[]] {
  for (const { address } of addresses) {
    refuseUnlessAllowed(hostname, address, allowed);
    if (isLocalName(hostname) && !isListedAddress(address, allowed)) throw localName(hostname);
  }
  const [first, ...others] = addresses;
  if (first === undefined) throw Object.assign(new Error(`${hostname} has no address.`), { code: 'ENODATA' });
  return [first, ...others];
}

function refuseUnlessAllowed(host: string, address: string, allowed: readonly Cidr[]): void {
  const verdict = classifyAddress(address, allowed);
  if (verdict.allowed) return;
  const kind = verdict.reason.replaceAll('_', ' ');
  const sentence =
    host === address
      ? `${host} is not a public address (${kind}).`
      : `${host} resolves to an address that is not public (${kind}).`;
  throw new DestinationRefused('private_address', sentence, { address, addressReason: verdict.reason });
}

function isLocalName(hostname: string): boolean {
  return LOCAL_NAME.test(hostname.toLowerCase().replace(/\.+$/, ''));
}

function localName(hostname: string): DestinationRefused {
  return new DestinationRefused('local_name', `${hostname} is a name of a local network.`);
}
