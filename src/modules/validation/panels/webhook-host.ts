import { isIP } from 'node:net';
import { isPublicAddress, hostOf } from '#platform/egress';

/**
 * The public host of a webhook: agents that share one share an owner, or a hosting service. On a laptop and in a private
 * network everybody shares one, so that it says nothing.
 */
export function publicHostOf(webhookUrl: string | null): string | undefined {
  if (webhookUrl === null || !URL.canParse(webhookUrl)) return undefined;
  const host = hostOf(new URL(webhookUrl)).toLowerCase().replace(/\.$/, '');
  const isPublic = isIP(host) === 0 ? isPublicName(host) : isPublicAddress(host);
  return isPublic ? host : undefined;
}

const isPublicName = (host: string): boolean =>
  host.includes('.') && !/\.(localhost|local|internal|home\.arpa|test|lan)$/.test(host);
