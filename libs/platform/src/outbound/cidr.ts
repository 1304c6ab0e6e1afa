// Networks written as text by an operator. Strict about the spelling of an address (no octal, no short
// forms), because two readers of a lenient spelling can mean two different machines.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A parsed IP address. */
export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** A network: every address whose first `bits` bits equal those of `network`. */
export interface Cidr {
  /** As the operator wrote it. */
  readonly text: string;
  readonly network: IpAddress;
  readonly bits: number;
}

/** A network list that cannot be read; the message is a sentence for the operator. */
export class CidrListError extends Error {
  override readonly name = 'CidrListError';
}

/** Bits of the prefix ::ffff:0:0/96, under which IPv6 sockets name IPv4 addresses. */
const MAPPED_PREFIX_BITS = 96;

/**
 * Reads a list such as `10.0.0.0/8, fd00::/8, 127.0.0.1`. Throws `CidrListError` naming the part that is
 * wrong.
 */
export function parseCidrList(text: string): readonly Cidr[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseCidr);
}

/** Whether any of the networks holds the address. */
export function isInAnyCidr(address: IpAddress, cidrs: readonly Cidr[]): boolean {
  return cidrs.some(
    (cidr) => cidr.network.kind() === address.kind() && address.match(cidr.network, cidr.bits),
  );
}

function parseCidr(text: string): Cidr {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0 || rest.length > 0) {
    throw new CidrListError(`"${text}" is not a network; write it like 10.0.0.0/8, fd00::/8 or 127.0.0.1.`);
  }
  const width = family === 4 ? 32 : 128;
  // A lone address means itself: it has one possible meaning, and is what people write for one machine.
  const bits = prefix === undefined ? width : prefixLength(prefix);
  if (bits === null || bits > width) {
    throw new CidrListError(`"${text}" needs a prefix length from 0 to ${width} after the slash.`);
  }
  return unmapped({ text, network: ipaddr.parse(address), bits });
}

function prefixLength(text: string): number | null {
  return /^\d{1,3}$/.test(text) ? Number(text) : null;
}

/** ::ffff:10.0.0.0/104 is 10.0.0.0/8; addresses are compared unwrapped, so networks must be too. */
function unmapped(cidr: Cidr): Cidr {
  const { network, bits } = cidr;
  if (!(network instanceof ipaddr.IPv6) || !network.isIPv4MappedAddress() || bits < MAPPED_PREFIX_BITS)
    return cidr;
  return { text: cidr.text, network: network.toIPv4Address(), bits: bits - MAPPED_PREFIX_BITS };
}
