import type { ServerResponse } from 'node:http';
import { isUnlimited } from './bucket-policy.js';
import type { Verdict } from './buckets.js';

/**
 * Tells the caller where it stands. Where two buckets were charged, `RateLimit` lists both and the older
 * `X-RateLimit-*` names the one that is nearer its end. All times are seconds from now, so that no clock of a
 * caller has to be right.
 */
export function writeRateLimit(response: ServerResponse, charged: readonly Verdict[]): void {
  const verdicts = charged.filter(({ policy }) => !isUnlimited(policy));
  const [first] = verdicts;
  if (!first || response.headersSent) return;
  const tightest = verdicts.reduce(
    (least, verdict) => (verdict.remaining < least.remaining ? verdict : least),
    first,
  );
  response.setHeader('RateLimit', verdicts.map(stateOf).join(', '));
  response.setHeader('RateLimit-Policy', verdicts.map(policyOf).join(', '));
  response.setHeader('X-RateLimit-Limit', tightest.policy.limit);
  response.setHeader('X-RateLimit-Remaining', tightest.remaining);
  response.setHeader('X-RateLimit-Reset', secondsOf(tightest.resetsInMs));
}

const stateOf = ({ policy, remaining, resetsInMs }: Verdict): string =>
  `"${policy.title}";r=${remaining};t=${secondsOf(resetsInMs)}`;

const policyOf = ({ policy }: Verdict): string =>
  `"${policy.title}";q=${policy.limit};w=${secondsOf(policy.windowMs)}`;

const secondsOf = (ms: number): number => Math.max(0, Math.ceil(ms / 1_000));
