import { isIP } from 'node:net';
import { type AddressPolicy, mayReach } from './address-rules.js';

export interface NamedAddressProblem {
  rule: 'form' | 'length' | 'scheme' | 'userinfo' | 'host' | 'port' | 'address';
  message: string;
}

/**
 * What is wrong with an address that a user names, as far as it shows without asking a name server. A name may
 * resolve to another address a second later, so names are judged when a connection is made, and only then.
 */
export function checkNamedAddress(
  address: string,
  policy: AddressPolicy,
  ownAddresses: readonly string[] = [],
): NamedAddressProblem | undefined {
  if (address.length > LENGTH_MAX)
    return problem('length', `The URL is longer than ${LENGTH_MAX} characters.`);
  if (!PLAIN_URL.test(address) || !URL.canParse(address)) {
    return problem('form', 'Give an absolute URL, such as https://agent.example.com/webhook.');
  }
  const url = new URL(address);
  return (
    schemeProblem(url, policy) ??
    userinfoProblem(address) ??
    portProblem(url) ??
    hostProblem(url, policy, ownAddresses)
  );
}

/** The host as a socket takes it: an IPv6 literal without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

export const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

const LENGTH_MAX = 2_048;

/**
 * The URL parser strips tabs and newlines, turns backslashes into slashes and forgives missing ones, so that
 * what a person reads and where the request goes may differ.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what it refuses
const PLAIN_URL = /^[a-z][a-z0-9+.-]*:\/\/(?![/?#])[^\s\\\u0000-\u001f\u007f]+$/i;

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*$/;

/** Names that mean this machine or this network, whatever a name server says of them. */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|localdomain|home\.arpa)$/;

function schemeProblem(url: URL, policy: AddressPolicy): NamedAddressProblem | undefined {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && policy.allowPrivate)) return undefined;
  return problem('scheme', policy.allowPrivate ? 'Use http or https.' : 'Use https.');
}

/** Looked for in the text, since the parser drops an empty user name without a trace. */
function userinfoProblem(address: string): NamedAddressProblem | undefined {
  const authority = /^[^:]+:\/\/([^/?#]*)/.exec(address)?.[1] ?? '';
  if (!authority.includes('@')) return undefined;
  return problem('userinfo', 'Leave user name and password out of the URL.');
}

function portProblem(url: URL): NamedAddressProblem | undefined {
  const port = portOf(url);
  if (port === 80 || port === 443 || port >= 1_024) return undefined;
  return problem('port', 'Use port 80, 443, 8443 or any from 1024 on.');
}

function hostProblem(
  url: URL,
  policy: AddressPolicy,
  ownAddresses: readonly string[],
): NamedAddressProblem | undefined {
  const host = hostOf(url);
  const port = portOf(url);
  if (isIP(host) !== 0) {
    if (mayReach({ ip: host, port }, policy, ownAddresses)) return undefined;
    return problem('address', 'Requests are not sent to this address.');
  }
  const name = host.replace(/\.$/, '');
  if (!HOST_NAME.test(name)) return problem('host', 'The host is not a valid name.');
  if (!policy.allowPrivate && (LOCAL_NAME.test(name) || !name.includes('.'))) {
    return problem(
      'host',
      'The host is a name of a private network; give one that is known on the internet.',
    );
  }
  if (isLocalhost(name) && policy.ownPorts.includes(port)) {
    return problem('address', 'Requests are not sent to this server itself.');
  }
  return undefined;
}

const isLocalhost = (name: string): boolean => /(?:^|\.)localhost$/.test(name);

const problem = (rule: NamedAddressProblem['rule'], message: string): NamedAddressProblem => ({
  rule,
  message,
});
