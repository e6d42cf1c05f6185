import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { ResolveName } from './name-resolution.js';
import { OutgoingFailure } from './outgoing-failure.js';

/**
 * A lookup for sockets that answers with checked addresses alone. What was checked is what is connected to,
 * since nothing resolves the name a second time. One refused address refuses them all: the socket may try any.
 *
 * Sockets ask for `all` addresses when they race IPv6 against IPv4, as they do since Node 20, and for one otherwise.
 */
export function checkedLookup(
  resolve: ResolveName,
  mayReachAll: (ips: readonly string[]) => boolean,
): LookupFunction {
  return (hostname, { all, family }, callback) => {
    resolve(hostname).then(
      (ips) => {
        if (!mayReachAll(ips)) return callback(new OutgoingFailure('refused_address'), []);
        const found = ips.map((ip): LookupAddress => ({ address: ip, family: isIP(ip) }));
        const wanted = found.filter((one) => !family || one.family === familyNumber(family));
        if (!wanted[0]) return callback(new OutgoingFailure('dns'), []);
        return all ? callback(null, wanted) : callback(null, wanted[0].address, wanted[0].family);
      },
      (error: Error) => callback(error, []),
    );
  };
}

const familyNumber = (family: number | 'IPv4' | 'IPv6'): number =>
  typeof family === 'number' ? family : Number(family.slice(-1));
