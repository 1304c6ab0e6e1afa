// Decides whether a process may connect to an address it was given by a stranger. Public unicast is fine,
// everything else is refused with a reason, unless the operator listed its network. For IPv6 the rule is an
// allow rule: only 2000::/3 is handed out for global use, and unallocated space may mean anything to the
// machine's own routes.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { isInAnyCidr, type Cidr, type IpAddress } from './cidr.ts';

/** Why an address may not be connected to; few enough to be a metric label. */
export type AddressRefusal =
  | 'not_an_address'
  | 'zone_id'
  | 'unspecified'
  | 'loopback'
  | 'link_local'
  | 'private'
  | 'carrier_grade_nat'
  | 'multicast'
  | 'broadcast'
  | 'cloud_platform'
  | 'embedded_ipv4'
  | 'reserved';

/** What the policy says about one address. */
export type AddressVerdict =
  { readonly allowed: true } | { readonly allowed: false; readonly reason: AddressRefusal };

/**
 * The address of the platform inside every Azure machine (agent, DNS, health probes). It looks like any
 * public address, so no table of special ranges has it.
 */
const AZURE_PLATFORM = '168.63.129.16';

/** The ranges of ipaddr.js that have a reason of their own; every other special range is `reserved`. */
const REFUSAL_OF_RANGE: Readonly<Record<string, AddressRefusal>> = {
  unspecified: 'unspecified',
  loopback: 'loopback',
  linkLocal: 'link_local',
  private: 'private',
  uniqueLocal: 'private',
  deprecatedSiteLocal: 'private',
  carrierGradeNat: 'carrier_grade_nat',
  multicast: 'multicast',
  broadcast: 'broadcast',
  // NAT64, SIIT, 6to4 and Teredo carry an IPv4 address that a gateway unwraps after this check. The list of
  // allowed networks is the way out for hosts that reach the Internet through NAT64.
  rfc6052: 'embedded_ipv4',
  rfc6145: 'embedded_ipv4',
  '6to4': 'embedded_ipv4',
  teredo: 'embedded_ipv4',
};

/** Judges the address in its usual spelling (four decimal parts, or IPv6); any other spelling is refused. */
export function classifyAddress(ip: string, allowed: readonly Cidr[]): AddressVerdict {
  const address = parseAddress(ip);
  if (typeof address === 'string') return { allowed: false, reason: address };
  if (isInAnyCidr(address, allowed)) return { allowed: true };
  const reason = address instanceof ipaddr.IPv4 ? refusalOfIpv4(address) : refusalOfIpv6(address);
  return reason === null ? { allowed: true } : { allowed: false, reason };
}

/** Whether the address is one the operator listed, which is more than being allowed. */
export function isListedAddress(ip: string, allowed: readonly Cidr[]): boolean {
  const address = parseAddress(ip);
  return typeof address !== 'string' && isInAnyCidr(address, allowed);
}

/** IPv4-mapped addresses come out as the IPv4 address they are: the kernel dials exactly that. */
function parseAddress(ip: string): IpAddress | AddressRefusal {
  if (ip.includes('%')) return 'zone_id';
  if (isIP(ip) === 0) return 'not_an_address';
  // ipaddr.js reads ::10.0.0.1 as if it were ::ffff:10.0.0.1, but the kernel would dial the former.
  if (/^::\d+\./.test(ip)) return 'embedded_ipv4';
  return ipaddr.process(ip);
}

function refusalOfIpv4(address: ipaddr.IPv4): AddressRefusal | null {
  if (address.toString() === AZURE_PLATFORM) return 'cloud_platform';
  const range = address.range();
  return range === 'unicast' ? null : (REFUSAL_OF_RANGE[range] ?? 'reserved');
}

function refusalOfIpv6(address: ipaddr.IPv6): AddressRefusal | null {
  const range = address.range();
  if (range !== 'unicast') return REFUSAL_OF_RANGE[range] ?? 'reserved';
  const parts = address.parts;
  const first = parts[0] ?? 0;
  if (first >= 0x2000 && first <= 0x3fff) return null;
  const isIpv4Compatible = parts.slice(0, 6).every((part) => part === 0);
  return isIpv4Compatible ? 'embedded_ipv4' : 'reserved';
}
