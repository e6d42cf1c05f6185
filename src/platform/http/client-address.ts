import ipaddr from 'ipaddr.js';

const MAPPED_IPV4 = '::ffff:';

/** Whose bucket an address counts to. One customer has a whole /64 of IPv6, so all of it is one client. */
export function clientOf(ip: string | undefined): string {
  if (!ip) return 'unknown';
  if (!ip.includes(':')) return ip;
  if (ip.startsWith(MAPPED_IPV4) && ip.includes('.')) return ip.slice(MAPPED_IPV4.length);
  if (!ipaddr.IPv6.isValid(ip)) return ip;
  const address = ipaddr.IPv6.parse(ip);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().toString();
  return `${address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
