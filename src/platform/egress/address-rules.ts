import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export interface AddressPolicy {
  /** Loopback and private addresses pass, for a sandbox whose receivers run on the same laptop. */
  allowPrivate: boolean;
  /** The ports this process listens on, and those of its database and queue: never reached on this machine. */
  ownPorts: readonly number[];
}

/** Where a request would go: one resolved address, not a name. */
export interface Target {
  ip: string;
  port: number;
}

/**
 * Whether a request that a user asked for may be sent to this address. `ownAddresses` are those of this
 * machine's network interfaces; loopback is known without being told.
 */
export function mayReach(target: Target, policy: AddressPolicy, ownAddresses: readonly string[]): boolean {
  const ours = isOwnAddress(target.ip, ownAddresses);
  if (!policy.allowPrivate) return isPublicAddress(target.ip) && !ours;
  if (ours && policy.ownPorts.includes(target.port)) return false;
  return isPublicAddress(target.ip) || isPrivateAddress(target.ip);
}

/**
 * An address of the public internet. Everything that carries an IPv4 address inside an IPv6 one (mapped, 6to4,
 * NAT64, Teredo) fails, because a gateway may unpack it into a private one.
 */
export function isPublicAddress(ip: string): boolean {
  const address = parse(ip);
  if (!address || address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv6') return address.match(ipaddr.parseCIDR('2000::/3'));
  return !METADATA_SERVICES.has(address.toString());
}

/** Loopback and private networks, less the addresses at which clouds hand out credentials. */
export function isPrivateAddress(ip: string): boolean {
  const address = parse(ip);
  if (!address || METADATA_SERVICES.has(address.toString())) return false;
  return PRIVATE_RANGES.has(address.range());
}

/** The link-local ones (169.254.0.0/16, fe80::/10) fail by their range; these lie where other hosts do. */
const METADATA_SERVICES: ReadonlySet<string> = new Set([
  '168.63.129.16', // Azure's host agent, in public address space.
  'fd00:ec2::254', // AWS.
  'fd20:ce::254', // Google Cloud.
  'fd00:c1::a9fe:a9fe', // Oracle Cloud.
  'fd00:42::42', // Scaleway.
]);

const PRIVATE_RANGES: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal']);

function isOwnAddress(ip: string, ownAddresses: readonly string[]): boolean {
  const address = parse(ip);
  if (!address) return false;
  if (address.range() === 'loopback') return true;
  return ownAddresses.some((own) => parse(own)?.toString() === address.toString());
}

/** The library alone would also take `0177.1` and plain numbers, which no resolver returns. */
function parse(ip: string) {
  return isIP(ip) === 0 ? undefined : ipaddr.parse(ip);
}
