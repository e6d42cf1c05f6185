import { Injectable } from '@nestjs/common';
import { SECOND_MS } from '#kernel/clock';
import { TooManyRequests } from '#kernel/errors/kernel.errors';
import { type ApiRequest, clientOf } from '#platform/http';
import type { PolicyName } from './bucket-policy.js';
import type { Verdict } from './buckets.js';
import { writeRateLimit } from './rate-limit-headers.js';
import { RateLimiter } from './rate-limiter.js';

/** With what it was charged so far, each bucket at most once. */
interface ChargedRequest extends ApiRequest {
  charged?: Map<PolicyName, Verdict>;
}

/**
 * The limiter as HTTP uses it: charges a request, writes the headers at once (so that every later answer has them,
 * errors too) and throws `TooManyRequests`. What needs no shared store happens without a promise.
 */
@Injectable()
export class RequestLimits {
  constructor(private readonly limiter: RateLimiter) {}

  /** Before anything expensive is done for a caller that is not known yet. */
  chargeIp(req: ApiRequest): void | Promise<void> {
    return this.chargeOnce(req, 'ip', clientOf(req.ip));
  }

  /** When the caller turns out good: its own bucket counts instead. */
  refundIp(req: ChargedRequest): void {
    const verdict = req.charged?.get('ip');
    if (!verdict) return;
    this.limiter.refund(verdict);
    req.charged?.delete('ip');
  }

  /** The bucket of the caller: agent, operator, or the address of a caller without a key. */
  chargeCaller(req: ApiRequest): void | Promise<void> {
    const { caller, operator } = req;
    if (caller)
      return this.chargeOnce(req, caller.verified ? 'agent-verified' : 'agent-unverified', caller.id);
    if (operator) return this.chargeOnce(req, 'operator', operator.id);
    return this.chargeIp(req);
  }

  /** A narrower limit that counts in addition, by address. */
  chargeAlso(req: ApiRequest, policy: PolicyName): void | Promise<void> {
    return this.chargeOnce(req, policy, clientOf(req.ip));
  }

  private chargeOnce(req: ChargedRequest, policy: PolicyName, key: string): void | Promise<void> {
    if (req.charged?.has(policy)) return;
    const verdict = this.limiter.charge(policy, key);
    if (verdict instanceof Promise) return verdict.then((late) => settle(req, late));
    settle(req, verdict);
  }
}

function settle(req: ChargedRequest, verdict: Verdict): void {
  req.charged ??= new Map();
  req.charged.set(verdict.policy.name, verdict);
  if (req.res) writeRateLimit(req.res, [...req.charged.values()]);
  if (!verdict.allowed) throw exhausted(verdict);
}

const exhausted = ({ policy, resetsInMs }: Verdict): TooManyRequests =>
  new TooManyRequests({
    policy: policy.title,
    limit: policy.limit,
    windowS: Math.round(policy.windowMs / SECOND_MS),
    waitS: Math.max(1, Math.ceil(resetsInMs / SECOND_MS)),
  });
